/** What encrypts secrets with a key that the system keeps; only the app has one. */
export interface Sealer {
  /** What people call it, as in *the keychain of macOS*. */
  readonly name: string;
  seal(text: string): Promise<Buffer>;
  /** @throws Error when it was sealed elsewhere, by somebody else, or is damaged. */
  open(sealed: Buffer): Promise<string>;
}

/** What the system offers: a sealer, or why there is none. */
export interface Keychain {
  sealer?: Sealer;
  /** In plain words, with what to do. */
  missing?: string;
}
