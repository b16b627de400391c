import { open, returned, type Result } from "@tributary-dev/widget";

const aside = new AbortController();
const visit: Result = await open(Promise.resolve("https://tributary.example/widget/wid_1/add_connection/x"), {
  mode: "iframe",
  container: document.body,
  signal: aside.signal,
  onStep: (step) => step.toUpperCase(),
  onResize: (height) => height.toFixed(),
});
const said: string | undefined = visit.result ?? visit.error;
const back: Result | null = returned();
Tributary.open(new URL("https://tributary.example/")).then(({ connection_ids }) => connection_ids?.length);
export { back, said };
