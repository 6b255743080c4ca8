// Axes: where their marks stand, and what is written at each.

/** 1, 2 or 5 times a power of ten, at least `least`. */
function roundStep(least) {
  const power = 10 ** Math.floor(Math.log10(least));
  return [1, 2, 5, 10].map((n) => n * power).find((step) => step >= least * 0.999);
}

/** All multiples of a step within a range, from an origin. */
function multiples(low, high, step, origin = 0) {
  const marks = [];
  for (let k = Math.ceil((low - origin) / step - 1e-9); origin + k * step <= high + step * 1e-9; k++) marks.push(origin + k * step);
  return marks;
}

/** Marks of an axis of sizes, all in one unit. */
function sizeMarks(low, high, most, counts) {
  const [name, scale] = counts ? ["", 1] : unitOf(Math.max(Math.abs(low), Math.abs(high)));
  const least = scale === 1 ? 1 : 0;
  const step = Math.max(roundStep((high - low) / scale / most), least);
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const text = (value) => Number(value.toFixed(decimals)).toLocaleString("en", { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
  return multiples(low / scale, high / scale, step).map((value) => ({ at: value * scale, text: `${text(value)} ${name}`.trimEnd() }));
}

const TIME_STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400, 172800, 604800, 1209600, 2592000, 7776000, 31536000];

/** Marks of an axis of times: at whole minutes, hours or days; of a log without a year by what has passed. */
function timeMarks(low, high, most, start) {
  const least = (high - low) / most;
  const step = TIME_STEPS.find((s) => s >= least) ?? roundStep(least);
  if (!data.calendar) return multiples(low, high, step, start).map((at) => ({ at, text: duration(at - start) }));
  let day = "";
  return multiples(low, high, step).map((at) => {
    const text = new Date(at * 1000).toISOString();
    const time = text.slice(11, step < 60 ? 19 : 16);
    const today = text.slice(0, 10);
    const shown = step >= 86400 ? today : today === day ? time : `${today.slice(5)} ${time}`;
    day = today;
    return { at, text: shown };
  });
}

/** Marks of an axis of snapshots or samples, counted from 1. */
function countMarks(low, high, most) {
  const step = Math.max(1, roundStep((high - low) / most));
  const marks = multiples(low + 1, high + 1, step).filter((n) => Number.isInteger(n) && n > 0);
  return marks.map((n) => ({ at: n - 1, text: grouped(n) }));
}

/** A function from one range to another, straight. */
function straight([fromLow, fromHigh], [toLow, toHigh]) {
  const factor = (toHigh - toLow) / (fromHigh - fromLow || 1);
  return (value) => Math.round((toLow + (value - fromLow) * factor) * 10) / 10;
}
