/** The longest title that is written, in UTF-16 units; longer ones of others are read. */
export const MAX_TITLE = 1_000;

/** The longest text of a comment, description or field that is written, in UTF-16 units. */
export const MAX_TEXT = 1_000_000;
