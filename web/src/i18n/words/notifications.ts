import { words } from '../words';

/** Who is told of incidents outside of the node, and how that fares. */
export const notificationWords = words(
  {
    'notifications.hint':
      'Who is told of incidents outside of this node. Only messages that you may see are counted, since the node started.',
    'notifications.none': 'Nobody is told outside of this node.',
    'notifications.none.hint':
      'An administrator names whom to tell in the node’s configuration, under [[notifications]]: by webhook, e-mail or MQTT.',
    'notifications.column.name': 'Notification',
    'notifications.column.state': 'State',
    'notifications.column.sent': 'Sent',
    'notifications.column.waiting': 'Waiting',
    'notifications.column.refused': 'Refused',
    'notifications.column.last': 'Last sent',
    'notifications.channel.webhook': 'Webhook',
    'notifications.channel.email': 'E-mail',
    'notifications.channel.mqtt': 'MQTT',
    'notifications.state.ok': 'ready',
    'notifications.state.waiting': 'sending',
    'notifications.state.failing': 'failing',
    'notifications.failing': 'For {age}: {error}. Next attempt at {time}.',
  },
  {
    'notifications.hint':
      'Qui est prévenu des incidents à l’extérieur de ce nœud. Seuls les messages que vous pouvez voir sont comptés, depuis le démarrage du nœud.',
    'notifications.none': 'Personne n’est prévenu à l’extérieur de ce nœud.',
    'notifications.none.hint':
      'Un administrateur désigne qui prévenir dans la configuration du nœud, sous [[notifications]] : par webhook, courriel ou MQTT.',
    'notifications.column.name': 'Notification',
    'notifications.column.state': 'État',
    'notifications.column.sent': 'Envoyés',
    'notifications.column.waiting': 'En attente',
    'notifications.column.refused': 'Refusés',
    'notifications.column.last': 'Dernier envoi',
    'notifications.channel.webhook': 'Webhook',
    'notifications.channel.email': 'Courriel',
    'notifications.channel.mqtt': 'MQTT',
    'notifications.state.ok': 'prête',
    'notifications.state.waiting': 'envoi en cours',
    'notifications.state.failing': 'en échec',
    'notifications.failing': 'Depuis {age} : {error}. Nouvel essai à {time}.',
  },
);
