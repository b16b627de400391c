/** What became of a visit. */
export interface Result {
  /** success: the accounts were read; pending: they are being read; failure: the connection needs something. */
  result?: "success" | "pending" | "failure";
  /**
   * Why there is no result: cancelled by the user, closed (the popup or dialog was closed), expired after 15 minutes
   * without activity, link_used, other_browser (the browser keeps no cookie, or the visit is another's) or unknown.
   */
  error?: "cancelled" | "closed" | "expired" | "link_used" | "other_browser" | "unknown";
  /** The page at which the user left. */
  step?: string;
  /** Where the connection stands, such as SUCCESS or PARTIAL_SUCCESS. */
  status?: string;
  /** The last connection. */
  connection_id?: string;
  /** All connections that were made; not known after a redirect. */
  connection_ids?: string[];
  /** As it was given with the session. */
  state?: string;
}

export interface Options {
  /** As it was given with the session; popup unless given. */
  mode?: "page" | "popup" | "iframe";
  /** Where the frame goes, in the mode iframe; a dialog of its own unless given. */
  container?: Element;
  /** What screen readers call the frame. */
  title?: string;
  /** Ends the visit to the pages; the promise is rejected with its reason. */
  signal?: AbortSignal;
  /** Told each page at which the visit is. */
  onStep?: (step: string) => void;
  /** Told how high the frame would like to be. It has been made so already. */
  onResize?: (height: number) => void;
}

/**
 * Opens a link of a widget session. To be called while the user presses something, or browsers open no popup; the link may
 * be a promise then. In the mode page the browser goes there: the promise is never settled, and returned() gives the
 * result on the page that redirect_url names.
 */
export function open(link: string | URL | PromiseLike<string | URL>, options?: Options): Promise<Result>;

/** The result in the address of the page that redirect_url names, or null. Anybody can type one: ask the server. */
export function returned(address?: string | URL): Result | null;

declare global {
  /** Where tributary.js was loaded as a script. */
  var Tributary: { open: typeof open; returned: typeof returned };
}
