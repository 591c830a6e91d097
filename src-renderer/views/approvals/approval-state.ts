import { create } from 'zustand';

/** The approval that is open in its dialog, by its id. */
export const useOpenApproval = create<{ id: string | undefined }>()(() => ({ id: undefined }));

/** Opens the dialog of an approval. */
export function openApproval(id: string): void {
  useOpenApproval.setState({ id });
}

/** Closes the dialog; what it showed goes on waiting. */
export function closeApproval(): void {
  useOpenApproval.setState({ id: undefined });
}
