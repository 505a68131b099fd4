/** The part of fs-native-extensions that is used; the package ships no types. */
declare module 'fs-native-extensions' {
  /** Lock a file for this process, or say that another one has it. The lock ends with the descriptor or the process. */
  export function tryLock(fd: number): boolean;
  /** Lock a file for this process, when it is free. */
  export function waitForLock(fd: number): Promise<void>;
}
