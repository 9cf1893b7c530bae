import { describe, expect, it } from 'vitest';

import { actText, exportedText, partText, rightsLine, shortened } from './audit';
import { changedText, decisionText } from './decisions';

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
    expect(decisionText('own token')).toBe('one’s own token');
    expect(decisionText('the moon')).toBe('the moon');
    expect(changedText('clearance')).toBe('Clearance');
    expect(changedText('rule nation')).toBe('rule nation');
    expect(changedText('transport.address')).toBe('transport.address');
  });
});

describe('what left the node', () => {
  it('is said with its format, its rows and as whom it was seen', () => {
    const details = { what: 'claims', format: 'csv', rows: 1200, see_as: 'FRA, SECRET, viewer' };
    expect(exportedText({ details })).toBe(
      'What was said of things · CSV · 1,200 rows · seen as FRA, SECRET, viewer',
    );
    const bound = { what: 'tracks', format: 'parquet', rows: 3, bind: 'xml', sha384: 'ab', read_as: 'ines' };
    expect(exportedText({ details: bound })).toBe(
      'The tracks of the picture · PARQUET · 3 rows · label bound · read as ines',
    );
  });

  it('is nothing for other acts', () => {
    expect(exportedText({ details: {} })).toBe('');
  });
});
