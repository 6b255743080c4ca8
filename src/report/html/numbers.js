"use strict";
// Numbers and times as the rest of the report writes them (src/report/quantity.rs), for what a reader points at.

const data = JSON.parse(document.getElementById("data").textContent);

/** A whole number with thousands set apart. */
function grouped(value) {
  const digits = fixed(Math.abs(value), 0).replace(/\B(?=(\d{3})+$)/g, ",");
  return value < 0 && digits !== "0" ? `-${digits}` : digits;
}

/** So many decimals; what lies exactly between two goes to the even one, as it does in Rust. */
function fixed(value, decimals) {
  const scaled = Math.abs(value) * 10 ** decimals;
  const tie = scaled % 1 === 0.5 && Math.floor(scaled) % 2 === 0;
  return tie ? (Math.sign(value) * Math.floor(scaled) / 10 ** decimals).toFixed(decimals) : value.toFixed(decimals);
}

/** Three significant figures; whole numbers of bytes stay whole. */
function figure(value, whole) {
  const magnitude = Math.abs(value);
  if (magnitude >= 999.5 || value === 0 || (whole && Number.isInteger(value))) return grouped(value);
  return fixed(value, magnitude >= 99.95 ? 0 : magnitude >= 9.995 ? 1 : 2);
}

/** The largest unit of which there is at least one. */
function unitOf(bytes) {
  const fits = ([, scale]) => Math.abs(bytes) >= (scale > 1 ? scale * 0.9995 : 0);
  return data.units.findLast(fits) ?? data.units[0];
}

/** A size: `11.8 MiB`; of counts the number alone. */
function size(bytes, counts) {
  if (counts) return figure(bytes, true);
  const [name, scale] = unitOf(bytes);
  return `${figure(bytes / scale, scale === 1)} ${name}`;
}

/** A stretch of time: `2 h 20 min`. */
function duration(seconds) {
  const whole = Math.round(seconds);
  const parts = [[Math.floor(whole / 86400), "d"], [Math.floor(whole / 3600) % 24, "h"], [Math.floor(whole / 60) % 60, "min"], [whole % 60, "s"]];
  const first = parts.findIndex(([n]) => n > 0);
  if (first < 0) return "0 s";
  return parts.slice(first, first + 2).filter(([n]) => n > 0).map(([n, unit]) => `${n} ${unit}`).join(" ");
}

/** A position on an axis, for a reader: a time, or a number from 1. */
function position(at, axis, start) {
  if (axis !== "seconds") return `${axis === "snapshots" ? "snapshot" : "sample"} ${grouped(at + 1)}`;
  if (!data.calendar) return `after ${duration(at - start)}`;
  const text = new Date(at * 1000).toISOString();
  return `${text.slice(0, 10)} ${text.slice(11, 16)} UTC`;
}
