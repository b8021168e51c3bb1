// The chart of a report. The table beside it says the same, for everybody who cannot see a chart.

import { say } from "./ask.js";
import uPlot from "/desk/libraries/uPlot.esm.js";

const ZONE = "Asia/Kolkata";
// Dates in India's order; the digits are those of the language.
const lang = `${document.documentElement.lang}-IN`;
const DAY = 86400;
const STEP = { day: DAY, hour: 3600, quarter: 900 }; // seconds; a chart of one moment shows one interval on both sides
const whole = new Intl.NumberFormat(lang, { maximumFractionDigits: 0 });
const part = new Intl.NumberFormat(lang, { style: "percent", maximumFractionDigits: 0 });
const style = getComputedStyle(document.documentElement);

function colour(name) {
  return style.getPropertyValue(name).trim();
}

function shownAs(format) {
  return (_chart, values) => values.map((value) => (value === null ? "" : format.format(value)));
}

function draw(place, data) {
  const every = place.dataset.every;
  const byDay = every === "day";
  const date = new Intl.DateTimeFormat(lang, { day: "numeric", month: "short", timeZone: ZONE });
  const time = new Intl.DateTimeFormat(lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: ZONE });
  const label = (seconds) => (byDay ? date : time).format(seconds * 1000);
  const line = (key, ink, more = {}) => ({ label: say(key), stroke: colour(ink), width: 2, points: { show: data.at.length < 60 }, value: (_chart, value) => (value === null ? "–" : whole.format(value)), ...more });
  const axis = { stroke: colour("--ink-soft"), grid: { stroke: colour("--line"), width: 1 }, ticks: { stroke: colour("--line") }, font: "12px Noto Sans, Noto Sans Bengali, Noto Sans Devanagari, sans-serif" };
  const options = {
    width: place.clientWidth,
    height: 280,
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), ZONE),
    scales: { x: { range: (_chart, low, high) => (data.at.length > 1 ? [low, high] : [data.at[0] - STEP[every], data.at[0] + STEP[every]]) }, ratio: { range: [0, 1] }, y: { range: (_chart, _low, high) => [0, Math.max(1, high * 1.1)] } },
    series: [
      { label: say("js.report.when"), value: (_chart, value) => (value === null ? "–" : `${date.format(value * 1000)}${byDay ? "" : `, ${time.format(value * 1000)}`}`) },
      line("js.report.queued", "--ink-soft"),
      line("js.report.answered", "--good"),
      line("js.report.abandoned", "--bad", { dash: [6, 4] }),
      line("js.report.service_level", "--accent", { scale: "ratio", dash: [2, 3], value: (_chart, value) => (value === null ? "–" : part.format(value)) }),
    ],
    axes: [
      { ...axis, space: 70, ...(byDay ? { incrs: [1, 2, 7, 14, 28, 56, 91].map((days) => days * DAY) } : {}), values: (_chart, values) => values.map(label) },
      { ...axis, values: shownAs(whole), incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000] },
      { ...axis, scale: "ratio", side: 1, grid: { show: false }, values: shownAs(part) },
    ],
  };
  const chart = new uPlot(options, [data.at, data.queued, data.answered, data.abandoned, data.service_level], place);
  new ResizeObserver(() => chart.setSize({ width: place.clientWidth, height: 280 })).observe(place);
}

const place = document.getElementById("chart");
if (place) draw(place, JSON.parse(document.getElementById("report-data").textContent));
