import "./tributary.js";

export const { open, returned } = globalThis.Tributary;
