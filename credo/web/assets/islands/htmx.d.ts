// htmx registers itself on the window; islands use these two of its methods.
declare const htmx: {
  ajax(verb: string, path: string, options: Record<string, unknown>): Promise<void>;
  process(root: Element): void;
};
