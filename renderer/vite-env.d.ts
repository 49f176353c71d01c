/// <reference types="vite/client" />

interface ImportMetaEnv {
  /** `1` in a development server or a build that talks to the in-memory host. */
  readonly VITE_SKERRY_FAKE: string;
}
