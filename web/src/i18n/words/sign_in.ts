import { words } from '../words';

export const signIn = words(
  {
    'sign_in.title': 'Sign in',
    'sign_in.user': 'User name',
    'sign_in.password': 'Password',
    'sign_in.submit': 'Sign in',
    'sign_in.working': 'Signing in…',
    'sign_in.token': 'Signing in with the one-time link…',
    'sign_in.refused': 'The user name or the password is wrong. Check both and try again.',
    'sign_in.token_refused':
      'This sign-in link has been used or is too old. Ask for a new one (alliage prints one at each start), or sign in with your password.',
    'sign_in.throttled':
      'Too many failed attempts. Wait {seconds} s before the next one; the right password is refused too until then.',
    'sign_in.ended': 'Your session has ended. Sign in again; this page comes back as you left it.',
    'sign_in.about': 'One picture, made of what allies know, and shown to each as far as each may see it.',
    'sign_in.notice': 'Requests are logged. Only for those whom the authority of this node has admitted.',
    'password.title': 'Choose a password',
    'password.before': 'Password until now',
    'password.before.hint': 'Leave it empty if you have none yet.',
    'password.new': 'New password',
    'password.hint': 'Your sessions and API tokens end, and you sign in again.',
    'password.save': 'Choose',
  },
  {
    'sign_in.title': 'Connexion',
    'sign_in.user': 'Nom d’utilisateur',
    'sign_in.password': 'Mot de passe',
    'sign_in.submit': 'Se connecter',
    'sign_in.working': 'Connexion…',
    'sign_in.token': 'Connexion par le lien à usage unique…',
    'sign_in.refused': 'Nom d’utilisateur ou mot de passe erroné. Vérifiez les deux et recommencez.',
    'sign_in.token_refused':
      'Ce lien de connexion a déjà servi ou il est trop ancien. Demandez-en un nouveau (alliage en affiche un à chaque démarrage) ou connectez-vous avec votre mot de passe.',
    'sign_in.throttled':
      'Trop d’essais infructueux. Attendez {seconds} s avant le prochain ; d’ici là, même le bon mot de passe est refusé.',
    'sign_in.ended':
      'Votre session a pris fin. Reconnectez-vous ; la page reviendra comme vous l’avez laissée.',
    'sign_in.about':
      'Une seule situation, faite de ce que savent les alliés, montrée à chacun selon ses droits.',
    'sign_in.notice':
      'Les requêtes sont journalisées. Réservé aux personnes admises par l’autorité de ce nœud.',
    'password.title': 'Choisir un mot de passe',
    'password.before': 'Mot de passe actuel',
    'password.before.hint': 'Laissez vide si vous n’en avez pas encore.',
    'password.new': 'Nouveau mot de passe',
    'password.hint': 'Vos sessions et jetons d’API prennent fin, et vous vous reconnectez.',
    'password.save': 'Choisir',
  },
);
