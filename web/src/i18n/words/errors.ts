import { words } from '../words';

/** What happened to the reader's work (`.what`) and what to do (`.do`), for each kind of failure. */
export const errors = words(
  {
    'error.offline.what': 'The node cannot be reached.',
    'error.offline.do': 'Check the network and that the node runs; nothing was changed.',
    'error.timeout.what': 'The node did not answer in time.',
    'error.timeout.do': 'Try again in a moment; nothing was changed.',
    'error.timeout_of_change.what': 'The node did not answer in time.',
    'error.timeout_of_change.do':
      'Try again; whether the change was made is not known until the page is read again.',
    'error.signed_out.what': 'Your session has ended; nothing was changed.',
    'error.signed_out.do': 'Sign in again.',
    'error.forbidden.what': 'Your role does not allow this.',
    'error.forbidden.do': 'Ask an administrator of this node.',
    'error.label_refused.what': 'The node refused the label; nothing was changed.',
    'refusal.label_lower':
      'It is lower than what it rests on: {marking} is needed, or higher. What was open, and what is linked, decides.',
    'refusal.label_unreadable':
      'You could not read {marking} again yourself: choose a label that you may see.',
    'error.not_found.what': 'It is not there, or you may not see it.',
    'error.not_found.do': 'Go back, or search for it.',
    'error.not_kept.what': 'What was so at that time is no longer kept.',
    'error.not_kept.do': 'Look at a later time; the sources’ settings say how long each is kept.',
    'error.conflict.what': 'It does not go together with what is there; nothing was changed.',
    'error.conflict.do': 'Read the page again and repeat the change if it is still needed.',
    'error.invalid.what': 'The node refused the input; nothing was changed.',
    'error.invalid.do': 'Correct the fields named below.',
    'error.too_many.what': 'Too many attempts.',
    'error.too_many.do': 'Wait {seconds} s and try again.',
    'error.unavailable.what': 'The node cannot answer this now.',
    'error.unavailable.do': 'Try again in a moment.',
    'error.internal.what': 'The node failed while it answered.',
    'error.internal.do': 'Try again; the node’s log tells more under request {request}.',
    'refusal.nation_unknown': 'There is no such nation (ISO 3166-1); invented ones are XAA to XZZ.',
    'refusal.ship_unknown': 'No ship of this name can be chosen: take one that the list offers.',
    'refusal.ship_unfit':
      'This ship cannot do it then: it must be under way, within range of a station, and have water and time enough. Try another ship or time.',
    'refusal.no_ship_fits':
      'No ship can do it then: one must be under way, within range of a station, and have water and time enough. Try another place or time.',
    'refusal.time_out_of_reach':
      'Go to at most a week before the exercise began, and a month after where it stands.',
    'error.broken.what': 'The answer was not understood.',
    'error.broken.do':
      'Reload the page: the browser may hold an older version than the node. If it stays, tell an administrator.',
  },
  {
    'error.offline.what': 'Le nœud est injoignable.',
    'error.offline.do': 'Vérifiez le réseau et que le nœud tourne ; rien n’a été modifié.',
    'error.timeout.what': 'Le nœud n’a pas répondu à temps.',
    'error.timeout.do': 'Réessayez dans un instant ; rien n’a été modifié.',
    'error.timeout_of_change.what': 'Le nœud n’a pas répondu à temps.',
    'error.timeout_of_change.do': 'Réessayez ; relisez la page pour savoir si la modification a été faite.',
    'error.signed_out.what': 'Votre session a pris fin ; rien n’a été modifié.',
    'error.signed_out.do': 'Reconnectez-vous.',
    'error.forbidden.what': 'Votre rôle ne le permet pas.',
    'error.forbidden.do': 'Adressez-vous à un administrateur de ce nœud.',
    'error.label_refused.what': 'Le nœud a refusé l’étiquette ; rien n’a été modifié.',
    'refusal.label_lower':
      'Elle est plus basse que ce sur quoi cela repose : il faut {marking}, ou plus haut. Ce qui était ouvert, et ce qui est lié, en décide.',
    'refusal.label_unreadable':
      'Vous ne pourriez pas relire {marking} vous-même : choisissez une étiquette que vous pouvez voir.',
    'error.not_found.what': 'Cela n’existe pas, ou vous ne pouvez pas le voir.',
    'error.not_found.do': 'Revenez en arrière ou lancez une recherche.',
    'error.not_kept.what': 'Ce qui était vrai à ce moment n’est plus conservé.',
    'error.not_kept.do':
      'Regardez un moment plus récent ; les réglages des sources disent la durée de conservation.',
    'error.conflict.what': 'Incompatible avec ce qui est en place ; rien n’a été modifié.',
    'error.conflict.do': 'Relisez la page et refaites la modification si elle est encore utile.',
    'error.invalid.what': 'Le nœud a refusé la saisie ; rien n’a été modifié.',
    'error.invalid.do': 'Corrigez les champs indiqués ci-dessous.',
    'error.too_many.what': 'Trop d’essais.',
    'error.too_many.do': 'Attendez {seconds} s et réessayez.',
    'error.unavailable.what': 'Le nœud ne peut pas répondre pour l’instant.',
    'error.unavailable.do': 'Réessayez dans un instant.',
    'error.internal.what': 'Le nœud a échoué en répondant.',
    'error.internal.do': 'Réessayez ; le journal du nœud en dit plus sous la requête {request}.',
    'refusal.nation_unknown':
      'Cette nation n’existe pas (ISO 3166-1) ; les nations inventées vont de XAA à XZZ.',
    'refusal.ship_unknown': 'Aucun navire de ce nom ne peut être choisi : prenez-en un de la liste.',
    'refusal.ship_unfit':
      'Ce navire ne le peut pas à ce moment : il doit faire route, à portée d’une station, avec assez d’eau et de temps. Essayez un autre navire ou un autre moment.',
    'refusal.no_ship_fits':
      'Aucun navire ne le peut à ce moment : il doit faire route, à portée d’une station, avec assez d’eau et de temps. Essayez un autre lieu ou un autre moment.',
    'refusal.time_out_of_reach':
      'Allez au plus une semaine avant le début de l’exercice, et un mois après l’heure où il en est.',
    'error.broken.what': 'La réponse n’a pas été comprise.',
    'error.broken.do':
      'Rechargez la page : le navigateur a peut-être une version plus ancienne que le nœud. Sinon, prévenez un administrateur.',
  },
);
