import { describe, expect, it } from 'vitest';

import { actText, decisionText, momentOf, partText, rightsLine, shortened } from './audit';

describe('the filter of the audit', () => {
  it('reads a field as UTC, and nothing from what is no time', () => {
    expect(momentOf('2026-11-28T21:30')).toBe('2026-11-28T21:30:00Z');
    expect(momentOf('2026-11-28T21:30:15')).toBe('2026-11-28T21:30:15Z');
    expect(momentOf('')).toBeNull();
    expect(momentOf('yesterday')).toBeNull();
  });
});

describe('ids in a dense table', () => {
  it('are shortened where they are random, and counted', () => {
    expect(shortened([])).toBe('');
    expect(shortened(['mmsi:219012345'])).toBe('mmsi:219012345');
    expect(shortened(['0123456789abcdef0123456789abcdef', 'a', 'b'])).toBe('01234567… +2');
  });
});

describe('authority then', () => {
  it('is a line of what somebody had, and the parts of a version as text', () => {
    const rights = {
      nation: 'DNK',
      clearance: 'SECRET',
      roles: ['analyst'],
      communities: [],
      purpose: '',
      entry_id: 'a',
    };
    expect(rightsLine(rights)).toBe('DNK · SECRET · Analyst');
    expect(partText(null)).toBe('–');
    expect(partText('SECRET')).toBe('SECRET');
    expect(partText(['a'])).toBe('["a"]');
  });
});

describe('acts and decisions', () => {
  it('are words where they are known, else as the node says them', () => {
    expect(actText('exercise.steered')).toBe('exercise steered');
    expect(actText('moon.landed')).toBe('moon.landed');
    expect(decisionText('role instructor')).toBe('role Instructor');
    expect(decisionText('roles analyst, planner may write')).toBe('roles Analyst, Planner may write');
    expect(decisionText('two people: ana and ben')).toBe('two people: ana and ben');
  });
});
