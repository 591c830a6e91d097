/** Looks of everything that floats: menu, list of a select, palette, dialog, toast. */
export const FLOAT = 'border border-border bg-raised shadow-float outline-none';

/** How a menu or list appears and goes. */
export const POP =
  'origin-(--transform-origin) transition-[opacity,transform] duration-160 ease-enter data-ending-style:opacity-0 data-ending-style:duration-107 data-ending-style:ease-leave data-starting-style:-translate-y-4 data-starting-style:opacity-0';

/** A line of a menu or of the list of a select. */
export const MENU_ITEM =
  'flex min-h-28 items-center gap-10 rounded-badge px-8 text-body text-1 outline-none data-disabled:text-off data-highlighted:bg-selected';
