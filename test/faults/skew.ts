/** Loaded before a worker of the fault matrix: its wall clock is off by FAULT_SKEW_MS, as on a machine without time service. */
const skewMs = Number(process.env.FAULT_SKEW_MS ?? '0');
const TrueDate = Date;
const now = (): number => TrueDate.now() + skewMs;

/** Only the present is wrong; instants that are named are what they are. A proxy, because libraries look at the name of it. */
globalThis.Date = new Proxy(TrueDate, {
  construct: (target, named) => Reflect.construct(target, named.length === 0 ? [now()] : named),
  get: (target, property) => (property === 'now' ? now : Reflect.get(target, property)),
});
