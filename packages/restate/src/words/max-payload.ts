/** The largest value that is kept unless an option says otherwise, in bytes. The server takes entries of up to 32 MiB. */
export const MAX_PAYLOAD: number = 4 * 1024 * 1024;
