import { Notification } from 'electron';

/** System notifications by key: a new one replaces the one before, and each can be taken back. */
export class Notifier implements Disposable {
  // A notification without a reference loses its click handler with the next garbage collection.
  readonly #shown = new Map<string, Notification>();

  /** Shows a notification where the system can; `onClick` runs when a person clicks it. */
  show(key: string, said: { title: string; body: string }, onClick: () => void): void {
    if (!Notification.isSupported()) return;
    this.withdraw(key);
    const notification = new Notification(said);
    notification.once('click', () => {
      this.withdraw(key);
      onClick();
    });
    this.#shown.set(key, notification);
    notification.show();
  }

  /** Takes back what is shown under this key, if anything is. */
  withdraw(key: string): void {
    const notification = this.#shown.get(key);
    if (!notification) return;
    this.#shown.delete(key);
    notification.removeAllListeners();
    notification.close();
  }

  [Symbol.dispose](): void {
    for (const key of [...this.#shown.keys()]) this.withdraw(key);
  }
}
