/** Whether the dialog that asks as whom to look is open: the menu and the palette open it. */
export const seeAsDialog = $state({ open: false });
