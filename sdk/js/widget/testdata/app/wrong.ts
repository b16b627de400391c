import { open } from "@tributary-dev/widget";

const visit = await open("https://tributary.example/widget/wid_1/add_connection/x", { mode: "tab" });
export const said = visit.outcome;
