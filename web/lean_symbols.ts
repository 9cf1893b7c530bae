/**
 * Leaves out of the renderer of tactical graphics what lines and areas do not need. It carries the icons of all
 * point symbols twice, and three tables of other editions: 7 of its 9.6 MB. milsymbol draws our point symbols.
 */
import type { Plugin } from 'vite';

const RENDERER = /mil-sym-ts-web\/C5Ren\.mjs$/;

const noIcons = '{ svgdata: { SVGElements: [] } }';
/** Its tables by the name of their region, and what each becomes. */
const TABLES: Record<string, string> = {
  svgd: noIcons,
  svge: noIcons,
  svg6d: noIcons,
  svg6e: noIcons,
  c2d: '{ c2d: { symbols: [] } }',
  mse: '{ mse: { SYMBOL: [] } }',
  sme: '{ sme: { secmods: [] } }',
};

export function leanSymbols(): Plugin {
  return {
    name: 'alliage-lean-symbols',
    apply: 'build',
    transform(code, id) {
      return RENDERER.test(id) ? { code: withoutTables(code), map: null } : null;
    },
  };
}

function withoutTables(code: string): string {
  return Object.entries(TABLES).reduce((rest, [name, empty]) => {
    const region = new RegExp(`(//#region \\S+/data/${name}\\.json\\n)[^]*?(//#endregion)`);
    if (!region.test(rest))
      throw new Error(`the renderer of tactical graphics has no table ${name} any more`);
    return rest.replace(region, (_, begin, end) => `${begin}var ${name}_default = ${empty};\n${end}`);
  }, code);
}
