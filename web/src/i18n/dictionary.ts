/** All words of the screens, by language. A room's words lie in its own file under `words/`. */
import { actWords } from './words/acts';
import { adminWords } from './words/admin';
import { changeWords } from './words/changes';
import { commandWords } from './words/commands';
import { errors } from './words/errors';
import { exportWords } from './words/exports';
import { forYouWords } from './words/for_you';
import { frame } from './words/frame';
import { fusionWords } from './words/fusion';
import { helpWords } from './words/help';
import { incidentWords } from './words/incidents';
import { watchWords } from './words/watch';
import { labelWords } from './words/labels';
import { notificationWords } from './words/notifications';
import { objectWords } from './words/objects';
import { pictureWords } from './words/picture';
import { planWords } from './words/plans';
import { qualityWords } from './words/quality';
import { reviewWords } from './words/review';
import { ruleWords } from './words/rules';
import { taskWords } from './words/tasks';
import { searchWords } from './words/search';
import { seeAsWords } from './words/see_as';
import { signIn } from './words/sign_in';
import { sourceWords } from './words/sources';
import { timeWords } from './words/time';
import { toolWords } from './words/tools';
import { tourWords } from './words/tour';
import { trafficWords } from './words/traffic';
import { viewWords } from './words/views';
import { writingWords } from './words/writing';
import { userWords } from './words/users';

const en = {
  ...frame.en,
  ...signIn.en,
  ...seeAsWords.en,
  ...errors.en,
  ...commandWords.en,
  ...pictureWords.en,
  ...fusionWords.en,
  ...qualityWords.en,
  ...reviewWords.en,
  ...objectWords.en,
  ...sourceWords.en,
  ...userWords.en,
  ...helpWords.en,
  ...incidentWords.en,
  ...watchWords.en,
  ...ruleWords.en,
  ...taskWords.en,
  ...planWords.en,
  ...trafficWords.en,
  ...notificationWords.en,
  ...forYouWords.en,
  ...timeWords.en,
  ...toolWords.en,
  ...labelWords.en,
  ...viewWords.en,
  ...actWords.en,
  ...adminWords.en,
  ...changeWords.en,
  ...writingWords.en,
  ...tourWords.en,
  ...searchWords.en,
  ...exportWords.en,
};

export type Key = keyof typeof en;

const fr: Record<Key, string> = {
  ...frame.fr,
  ...signIn.fr,
  ...seeAsWords.fr,
  ...errors.fr,
  ...commandWords.fr,
  ...pictureWords.fr,
  ...fusionWords.fr,
  ...qualityWords.fr,
  ...reviewWords.fr,
  ...objectWords.fr,
  ...sourceWords.fr,
  ...userWords.fr,
  ...helpWords.fr,
  ...incidentWords.fr,
  ...watchWords.fr,
  ...ruleWords.fr,
  ...taskWords.fr,
  ...planWords.fr,
  ...trafficWords.fr,
  ...notificationWords.fr,
  ...forYouWords.fr,
  ...timeWords.fr,
  ...toolWords.fr,
  ...labelWords.fr,
  ...viewWords.fr,
  ...actWords.fr,
  ...adminWords.fr,
  ...changeWords.fr,
  ...writingWords.fr,
  ...tourWords.fr,
  ...searchWords.fr,
  ...exportWords.fr,
};

export const dictionary = { en, fr } as const;
