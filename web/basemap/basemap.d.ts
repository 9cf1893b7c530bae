/** The address of the built basemap; `basemap/plugin.ts` defines it. */
declare const __BASEMAP_URL__: string;
