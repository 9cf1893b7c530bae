/** The form for a thing that is not drawn and does not report: an organisation, a person, a unit, a facility. */
class Creating {
  open = $state(false);
}

export const creating = new Creating();
