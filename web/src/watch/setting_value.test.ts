import { describe, expect, it } from 'vitest';
import { settingValue } from './setting_value';

describe('the value of a setting', () => {
  it('has the unit that its name ends in', () => {
    expect(settingValue('lasts_s', 2400, 'en')).toBe('40 min');
    expect(settingValue('near_line_m', 1852, 'en')).toBe('1.00 NM');
    expect(settingValue('least_altitude_m', 3000, 'en')).toBe('3,000 m');
    expect(settingValue('least_speed_mps', 1.028888888888889, 'en')).toMatch(/^2\.0 kn/);
    expect(settingValue('least_turn_deg', 35, 'en')).toBe('35°');
    expect(settingValue('most_share', 0.35, 'fr')).toBe('0,35');
    expect(settingValue('chance', 0.000001, 'en')).toBe('1e-6');
  });

  it('is a list of names, or one value for each area', () => {
    expect(settingValue('areas', [], 'en')).toBe('–');
    expect(settingValue('except_types', ['sar', 'military'], 'en')).toBe('sar, military');
    expect(settingValue('limits_mps', { Sound: 5.144444 }, 'en')).toMatch(/^Sound: 10\.0 kn/);
    expect(settingValue('limits_mps', null, 'en')).toBe('–');
  });
});
