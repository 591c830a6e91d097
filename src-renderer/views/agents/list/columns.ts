/** The columns of the list: agent, runner, slots, median and last run; three of them when the window is compact. */
export const COLUMNS =
  'grid grid-cols-[minmax(0,1fr)_92px_92px_80px_104px] max-wide:grid-cols-[minmax(0,1fr)_88px_104px] items-center pr-16 pl-20';

/** A column that only a wide window shows. */
export const WIDE_ONLY = 'max-wide:hidden';
