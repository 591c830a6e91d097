const CONSONANTS = 'bdfghjklmnprstvz';
const VOWELS = 'aiou';
/** 96 bits: more than anybody can search for, and still short enough to read out. */
const WORDS = 6;

/** A fingerprint of at least 12 bytes as six words that two people can compare by voice. */
export function fingerprintWords(bytes: Uint8Array): string {
  const words: string[] = [];
  for (let at = 0; at < WORDS * 2; at += 2) words.push(word(((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)));
  return words.join('-');
}

/** 16 bits as consonant, vowel, consonant, vowel, consonant. */
function word(bits: number): string {
  const letter = (from: string, shift: number, mask: number) => from[(bits >> shift) & mask] ?? '';
  return [
    letter(CONSONANTS, 12, 15),
    letter(VOWELS, 10, 3),
    letter(CONSONANTS, 6, 15),
    letter(VOWELS, 4, 3),
    letter(CONSONANTS, 0, 15),
  ].join('');
}
