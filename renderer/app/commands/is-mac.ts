/** Whether commands have Apple's keys. */
export function isMac(userAgent: string = navigator.userAgent): boolean {
  return /Macintosh|iPhone|iPad/.test(userAgent);
}
