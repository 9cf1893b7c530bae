/** By which rule something was decided, as the audit has it: in words where they are known. */
import { isKey, t, type Key } from '../../i18n/index.svelte';

/** What the node writes down, word for word. */
export const DECISIONS = {
  'refused by role': 'audit.decision.refused_role',
  'refused by label': 'audit.decision.refused_label',
  'refused by second person': 'audit.decision.refused_second',
  'refused by accounts': 'audit.decision.refused_accounts',
  password: 'audit.decision.password',
  'one-time link': 'audit.decision.link',
  'the name or the password is wrong': 'audit.decision.wrong_password',
  'the link was used already or is too old': 'audit.decision.old_link',
  'the account was removed meanwhile': 'audit.decision.account_removed',
  'own account': 'audit.decision.own_account',
  'own session': 'audit.decision.own_session',
  'own token': 'audit.decision.own_token',
  'what the reader may see': 'audit.decision.reader',
  'the policy allows the action see-as': 'audit.decision.see_as',
  'You may not look at the picture as somebody else.': 'audit.decision.see_as_refused',
  'Only administrators look as a given user.': 'audit.decision.see_as_user',
  'decision 0055: who may give rights': 'audit.decision.rights',
  'decision 0240: whose account counts': 'audit.decision.vouching',
  "the machine's own administrator": 'audit.decision.machine',
  "keep_days in the source's configuration": 'audit.decision.keep_days',
  'found when the node started': 'audit.decision.found',
  'records that commands left were not there when the node looked for them': 'audit.decision.missing',
} as const satisfies Readonly<Record<string, Key>>;

const isRole = (role: string) => isKey(`role.${role}`);

export function roleText(role: string): string {
  return isRole(role) ? t(`role.${role}` as Key) : role;
}

/** In words; as the node says it where a newer one has a rule that is not known here. */
export function decisionText(decision: string): string {
  const key = (DECISIONS as Readonly<Record<string, Key | undefined>>)[decision];
  if (key !== undefined) return t(key);
  const [, one, many] = /^(?:role ([a-z]+)|roles ([a-z, ]+) may write)$/.exec(decision) ?? [];
  if (one !== undefined) return t('audit.decision.role', { role: roleText(one) });
  if (many !== undefined) {
    return t('audit.decision.roles', { roles: many.split(', ').map(roleText).join(', ') });
  }
  const [, first, second] = /^two people: (\S+) and (\S+)$/.exec(decision) ?? [];
  if (first === undefined || second === undefined) return decision;
  return t('audit.decision.two', { one: first, two: second });
}

/** Parts of somebody's rights, by the names that the node writes down. */
const RIGHTS: Readonly<Record<string, Key>> = {
  nation: 'user.nation',
  clearance: 'user.clearance',
  roles: 'user.roles',
  communities: 'users.communities',
  purpose: 'users.purpose',
};

/** What of a version is another than before; a setting is called as in its file. */
export function changedText(what: string): string {
  const right = RIGHTS[what];
  if (right !== undefined) return t(right);
  const [, kind, name] = /^(rule|security policy) (.+)$/.exec(what) ?? [];
  if (name === undefined) return what;
  return t(kind === 'rule' ? 'audit.changed.rule' : 'audit.changed.policy', { name });
}
