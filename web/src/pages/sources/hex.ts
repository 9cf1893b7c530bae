/** One line of a hexadecimal view: where it begins, its bytes, the same as text. */
export interface HexRow {
  offset: string;
  hex: string;
  text: string;
}

const ROW_BYTES = 16;

/** Lines of sixteen bytes; what is not printable ASCII stands as a dot. */
export function hexRows(hex: string): HexRow[] {
  const bytes = hex.match(/[0-9a-fA-F]{2}/g) ?? [];
  const rows: HexRow[] = [];
  for (let at = 0; at < bytes.length; at += ROW_BYTES) {
    const row = bytes.slice(at, at + ROW_BYTES);
    rows.push({
      offset: at.toString(16).padStart(4, '0'),
      hex: row.join(' ').padEnd(ROW_BYTES * 3 - 1),
      text: row.map(printable).join(''),
    });
  }
  return rows;
}

function printable(byte: string): string {
  const code = Number.parseInt(byte, 16);
  return code >= 0x20 && code < 0x7f ? String.fromCharCode(code) : '.';
}
