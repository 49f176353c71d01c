/** Where pages of images lead; the window gives it, which alone knows addresses. */
export interface ImageLinks {
  readonly image: (reference: string, section?: 'layers' | 'history' | 'sandboxes') => string;
  readonly create: (reference: string) => string;
  readonly sandbox: (name: string) => string;
}
