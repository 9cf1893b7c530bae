/** The pages, each in a file of its own that is fetched when it is first wanted. */
import type { Component } from 'svelte';

import type { Page } from '../router/paths';

/** A page is told whether it is shown, so that it stops asking the node when it is not. */
export type PageComponent = Component<{ active: boolean }>;

const LOADERS: Record<Page, () => Promise<{ default: PageComponent | Component }>> = {
  picture: () => import('../pages/picture/PicturePage.svelte'),
  incidents: () => import('../pages/incidents/IncidentsPage.svelte'),
  sources: () => import('../pages/sources/SourcesPage.svelte'),
  quality: () => import('../pages/quality/QualityPage.svelte'),
  objects: () => import('../pages/objects/ObjectsPage.svelte'),
  review: () => import('../pages/review/ReviewPage.svelte'),
  exercise: () => import('../pages/exercise/ExercisePage.svelte'),
  tokens: () => import('../pages/tokens/TokensPage.svelte'),
  ontology: () => import('../pages/ontology/OntologyPage.svelte') as Promise<{ default: Component }>,
  administration: () => import('../pages/administration/AdministrationPage.svelte'),
  // It asks nothing of the node, so it need not know whether it is shown.
  help: () => import('../pages/help/HelpPage.svelte') as Promise<{ default: Component }>,
};

/** Fetch a page's code. Rejects when the node cannot be reached, or holds a newer build. */
export async function loadPage(page: Page): Promise<PageComponent> {
  return (await LOADERS[page]()).default as PageComponent;
}

/** Fetch what is light, all but the map, so that switching to it takes no time. */
export async function prefetchPages(): Promise<void> {
  await Promise.all([LOADERS.sources(), LOADERS.objects(), LOADERS.help()]).catch(() => undefined);
}
