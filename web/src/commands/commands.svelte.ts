/** Everything that can be done from the keyboard, in one list: the palette, the shortcuts sheet and menus read it. */
import { exporting } from '../exports/exporting.svelte';
import { language, t, type Key } from '../i18n/index.svelte';
import { desk } from '../pages/incidents/desk.svelte';
import { review } from '../pages/review/review.svelte';
import { positions } from '../position/choice.svelte';
import { paths } from '../router/paths';
import { router } from '../router/router.svelte';
import { sideMaps } from '../workspace/side_maps.svelte';
import { workspace } from '../workspace/workspace.svelte';
import { seeAsDialog } from '../see_as/dialog.svelte';
import { lookAs } from '../session/see_as';
import { session } from '../session/session.svelte';
import { theme, toggleTheme } from '../session/theme.svelte';
import { snapshot } from '../snapshot/snapshot.svelte';
import { tools, type ToolName } from '../tools/tools.svelte';
import { tour } from '../tour/tour.svelte';
import { savedViews } from '../views/saved.svelte';
import { creating } from '../writing/creating.svelte';
import { reporting } from '../writing/reporting.svelte';
import { UNDO_KEYS, written } from '../writing/written.svelte';
import { past } from '../time/past.svelte';

export interface Command {
  id: string;
  title: Key;
  parameters?: Record<string, string>;
  group: 'go' | 'view' | 'do';
  keys?: string;
  run: () => void;
}

/** The commands that make sense now, for this person on this page. */
export function commands(): Command[] {
  return [...pages(), ...views(), ...decisions(), ...watch(), ...deeds()];
}

function pages(): Command[] {
  const go = (id: string, title: Key, keys: string, address: string): Command => ({
    id,
    title,
    group: 'go',
    keys,
    run: () => router.go(address),
  });
  const all = [
    go('go.picture', 'page.picture', 'G P', workspace.pictureAddress),
    go('go.incidents', 'page.incidents', 'G I', paths.incidents()),
    go('go.watch_log', 'incidents.tab.log', 'G W', paths.incidents('log')),
    go('go.rules', 'rules.page', 'G U', paths.incidents('rules')),
    go('go.detectors', 'incidents.tab.detectors', 'G D', paths.incidents('detectors')),
    go('go.sources', 'page.sources', 'G S', paths.sources()),
    go('go.quality', 'page.quality', 'G Q', paths.quality()),
    go('go.review', 'page.review', 'G R', paths.review()),
    go('go.objects', 'page.objects', 'G O', paths.objects()),
    go('go.ontology', 'page.ontology', 'G K', paths.ontology()),
    go('go.tokens', 'page.tokens', 'G T', paths.tokens()),
    go('go.help', 'page.help', 'G H', paths.help()),
  ];
  if (session.has('instructor')) all.push(go('go.exercise', 'page.exercise', 'G E', paths.exercise()));
  if (!session.mayAdminister) return all;
  return [...all, go('go.administration', 'page.administration', 'G A', paths.administration())];
}

function views(): Command[] {
  const other = theme() === 'dark' ? 'light' : 'dark';
  const all: Command[] = [
    {
      id: 'view.theme',
      title: 'command.theme',
      parameters: { theme: t(`theme.${other}`) },
      group: 'view',
      keys: 'V T',
      run: toggleTheme,
    },
    {
      id: 'view.language',
      title: 'command.language',
      parameters: { language: t(language() === 'en' ? 'language.fr' : 'language.en') },
      group: 'view',
      keys: 'V L',
      run: () => session.switchLanguage(language() === 'en' ? 'fr' : 'en'),
    },
  ];
  if (session.info?.may_see_as) {
    all.push({
      id: 'view.see_as',
      title: 'see_as.command',
      group: 'view',
      keys: 'V S',
      run: () => (seeAsDialog.open = true),
    });
  }
  if (session.seenAs !== null) {
    all.push({ id: 'view.see_as_end', title: 'see_as.end', group: 'view', run: () => lookAs(null) });
  }
  if (router.route.page === 'picture') all.push(...pictureViews());
  return all;
}

function pictureViews(): Command[] {
  const all: Command[] = [
    {
      id: 'view.layers',
      title: workspace.leftOpen ? 'command.layers_close' : 'command.layers_open',
      group: 'view',
      keys: 'V F',
      run: () => (workspace.leftOpen = !workspace.leftOpen),
    },
    {
      id: 'view.position',
      title: 'command.position',
      group: 'view',
      keys: 'V P',
      run: () => positions.next(),
    },
    {
      id: 'view.all',
      title: 'command.all',
      group: 'view',
      keys: 'V A',
      run: () => workspace.showAll(),
    },
  ];
  all.push(...maps(), ...mapTools(), ...times());
  if (workspace.selected !== null) {
    all.push({
      id: 'view.follow',
      title: workspace.following ? 'command.follow_end' : 'command.follow',
      group: 'view',
      keys: 'F',
      run: () => (workspace.following = !workspace.following),
    });
    all.push({
      id: 'view.centre',
      title: 'command.centre',
      group: 'view',
      keys: 'V C',
      run: () => void workspace.centreSelected(),
    });
    if (tools.taken === null)
      all.push({
        id: 'view.clear',
        title: 'command.clear',
        group: 'view',
        keys: 'Escape',
        run: () => workspace.select(null),
      });
  }
  return all;
}

/** What is done with a whole map. */
function maps(): Command[] {
  const command = (id: string, title: Key, keys: string | undefined, run: () => void): Command => ({
    id: `map.${id}`,
    title,
    group: 'view',
    keys,
    run,
  });
  const saved = savedViews.all.map((view) => ({
    ...command(`saved.${view.name}`, 'command.view', undefined, () => savedViews.show(view)),
    parameters: { name: view.name },
  }));
  const { wall } = workspace;
  const beside: Command[] = [];
  if (sideMaps.mayAdd) beside.push(command('add', 'command.side_map', 'V 2', () => sideMaps.add()));
  if (sideMaps.open.length > 0)
    beside.push(command('one', 'command.one_map', 'V 1', () => sideMaps.closeAll()));
  return [
    ...beside,
    command('wall', wall ? 'command.wall_end' : 'command.wall', 'V W', () => workspace.setWall(!wall)),
    command('image', 'command.snapshot', 'V I', () => void snapshot.save()),
    command('print', 'command.print', 'Ctrl+P', () => void snapshot.print()),
    ...saved,
  ];
}

function mapTools(): Command[] {
  const command = (name: ToolName, keys: string): Command => ({
    id: `tool.${name}`,
    title: `tools.${name}`,
    group: 'do',
    keys,
    run: () => void tools.toggle(name),
  });
  const all = [command('measure', 'M D'), command('rings', 'M R'), command('usual', 'M U')];
  if (session.mayWrite) {
    const place = () => workspace.map?.look().middle ?? null;
    all.push({
      id: 'do.report',
      title: 'report.command',
      group: 'do',
      keys: 'D V',
      run: () => reporting.open(null, place()),
    });
  }
  if (session.mayWrite) all.push(command('area', 'D A'), command('route', 'D R'), command('place', 'D P'));
  const { taken } = tools;
  if (taken !== null) {
    const cancel = () => taken.cancel();
    all.push({ id: 'tool.cancel', title: 'command.tool.cancel', group: 'do', keys: 'Escape', run: cancel });
  }
  return all;
}

function times(): Command[] {
  const command = (id: string, title: Key, keys: string, run: () => void): Command => ({
    id: `time.${id}`,
    title,
    group: 'view',
    keys,
    run,
  });
  return [
    command('live', 'command.time.live', 'T L', () => past.toPresent()),
    command('play', 'command.time.play', 'T P', () => past.togglePlay()),
    command('back', 'command.time.back', 'T B', () => past.step(-600)),
    command('forward', 'command.time.forward', 'T F', () => past.step(600)),
    command('known', past.asKnownThen ? 'command.time.known_now' : 'command.time.known_then', 'T K', () =>
      past.toggleKnown(),
    ),
  ];
}

/** What is done with the pairs that wait, on their page. */
function decisions(): Command[] {
  if (router.route.page !== 'review') return [];
  const command = (id: string, title: Key, keys: string, run: () => void): Command => ({
    id: `review.${id}`,
    title,
    group: 'do',
    keys,
    run,
  });
  const moves = [
    command('next', 'review.next', 'J', () => review.move(1)),
    command('previous', 'review.previous', 'K', () => review.move(-1)),
  ];
  if (!session.mayWrite) return moves;
  return [
    ...moves,
    command('confirm', 'review.confirm', 'Y', () => void review.decide(true)),
    command('reject', 'review.reject', 'N', () => void review.decide(false)),
  ];
}

/** What is done with incidents, on their page. */
function watch(): Command[] {
  const { route, query } = router;
  if (route.page !== 'incidents' || query.has('tab')) return [];
  const command = (id: string, title: Key, keys: string, run: () => void): Command => ({
    id: `incidents.${id}`,
    title,
    group: 'do',
    keys,
    run,
  });
  const moves = [
    command('next', 'incident.next', 'J', () => desk.move(1)),
    command('previous', 'incident.previous', 'K', () => desk.move(-1)),
    command('show', 'incident.show', 'M', () => desk.show()),
  ];
  if (!session.mayWrite || desk.currentId === null) return moves;
  const isCall = desk.current?.priority ?? false;
  const isUnheard = isCall && desk.current?.acknowledged === false;
  const acknowledge = () => void desk.say({ said: 'acknowledge' }, 'incident.did.acknowledge');
  return [
    ...moves,
    command('take', 'incident.take', 'T', () => desk.take()),
    command('assign', 'incident.assign', 'O', () => (desk.dialog = 'assign')),
    ...(isUnheard ? [command('acknowledge', 'incident.acknowledge', 'A', acknowledge)] : []),
    command('comment', 'incident.comment', 'C', () => desk.beginComment()),
    command('useful', 'incident.useful', 'U', () => desk.judge(true)),
    command('useless', 'incident.useless', 'N', () => desk.judge(false)),
    command('deadline', 'incident.deadline', 'D', () => (desk.dialog = 'deadline')),
    ...(isCall ? [] : [command('suppress', 'incident.suppress', 'S', () => (desk.dialog = 'suppress'))]),
    command('close', 'incident.close', 'X', () => desk.askToClose()),
  ];
}

function newObject(): Command {
  return {
    id: 'do.new_object',
    title: 'new.command',
    group: 'do',
    keys: 'D O',
    run: () => (creating.open = true),
  };
}

function undo(): Command {
  return {
    id: 'do.undo',
    title: 'command.undo',
    group: 'do',
    keys: UNDO_KEYS,
    run: () => void written.undo(),
  };
}

function deeds(): Command[] {
  return [
    {
      id: 'do.palette',
      title: 'command.palette',
      group: 'do',
      keys: 'Ctrl+K',
      run: () => workspace.open('palette'),
    },
    {
      id: 'do.search',
      title: 'command.search',
      group: 'do',
      keys: '/',
      run: () => workspace.open('palette'),
    },
    {
      id: 'do.shortcuts',
      title: 'user.shortcuts',
      group: 'do',
      keys: '?',
      run: () => workspace.open('shortcuts'),
    },
    { id: 'do.export', title: 'export.command', group: 'do', keys: 'D X', run: () => exporting.open() },
    ...(session.mayWrite ? [newObject()] : []),
    ...(written.mayUndo ? [undo()] : []),
    // The last of those that Escape means: a tool and a selection are let go first.
    tour.step === null
      ? { id: 'do.tour', title: 'command.tour', group: 'do', run: () => tour.start() }
      : { id: 'do.tour', title: 'command.tour_end', group: 'do', keys: 'Escape', run: () => tour.end() },
    { id: 'do.sign_out', title: 'user.sign_out', group: 'do', run: () => void session.signOut() },
  ];
}
