/** Where the built-in basemap lies. */
export const basemapUrl = (): string => new URL(__BASEMAP_URL__, location.href).href;
