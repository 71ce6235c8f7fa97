/* Draws each chart of chart-data on the canvas with its id. For each kind, a function converts the description to a
   Chart.js configuration. Colours come from the style sheet, so that they follow the colour scheme. */
(() => {
  'use strict';
  const root = document.documentElement;
  const descriptions = JSON.parse(document.getElementById('chart-data').textContent);
  const drawn = [];

  const colour = name => getComputedStyle(root).getPropertyValue('--' + name).trim();
  const font = (size, weight = 400) => weight + ' ' + size + 'px ' + getComputedStyle(document.body).fontFamily;

  /** Three significant digits, as in the tables. */
  const figure = value => {
    const digits = value === 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
    return value.toLocaleString('en', {minimumFractionDigits: digits, maximumFractionDigits: digits});
  };

  /** 1, 10, 100 on a wide axis; 1, 2, 5, 10 on a narrow one. */
  const logarithmicTicks = range => {
    const steps = Math.log10(range.to / range.from) > 2.2 ? [1] : [1, 2, 5];
    const ticks = [];
    for (let power = Math.floor(Math.log10(range.from)); power <= Math.ceil(Math.log10(range.to)); power++) {
      for (const step of steps) {
        const value = step * 10 ** power;
        if (value >= range.from * 0.999 && value <= range.to * 1.001) {
          ticks.push({value});
        }
      }
    }
    return ticks;
  };

  const logarithmic = (range, options = {}) => ({
    type: 'logarithmic',
    min: range.from,
    max: range.to,
    border: {display: false},
    grid: {color: colour('faint'), drawTicks: false},
    afterBuildTicks: axis => { axis.ticks = logarithmicTicks(range); },
    ticks: {
      color: colour('muted'), padding: 6, autoSkip: false,
      callback: value => value.toLocaleString('en', {maximumSignificantDigits: 3}),
    },
    ...options,
  });

  const tooltip = lines => ({
    backgroundColor: colour('ink'), titleColor: colour('paper'), bodyColor: colour('paper'),
    displayColors: false, padding: 8, cornerRadius: 3, callbacks: lines,
  });

  /** Bands behind the data with labels above; labels that would overlap move one row up. */
  const bands = list => ({
    id: 'bands',
    beforeDatasetsDraw({ctx, chartArea, scales}) {
      ctx.save();
      ctx.font = font(11);
      ctx.textBaseline = 'alphabetic';
      const ends = [];
      for (const band of list) {
        const from = scales.x.getPixelForValue(band.from);
        const to = band.to === null ? chartArea.right : Math.min(chartArea.right, scales.x.getPixelForValue(band.to));
        ctx.fillStyle = colour('fault-tint');
        ctx.fillRect(from, chartArea.top, Math.max(0, to - from), chartArea.height);
        ctx.fillStyle = colour('fault');
        ctx.fillRect(from - 0.75, chartArea.top, 1.5, chartArea.height);
        const width = ctx.measureText(band.label).width;
        const left = Math.max(0, Math.min(from, chartArea.right - width));
        let row = 0;
        while (row < ends.length && ends[row] > left - 8) {
          row++;
        }
        ends[row] = left + width;
        ctx.fillText(band.label, left, chartArea.top - 5 - 13 * row);
      }
      ctx.restore();
    },
  });

  /** Labels each line at its last value, instead of a legend. */
  const lineNames = names => ({
    id: 'lineNames',
    afterDatasetsDraw(chart) {
      const {ctx, chartArea} = chart;
      const labels = [];
      names.forEach((name, index) => {
        const points = chart.getDatasetMeta(index).data.filter(point => !point.skip && Number.isFinite(point.y));
        if (points.length > 0) {
          labels.push({name, y: points[points.length - 1].y});
        }
      });
      labels.sort((one, other) => one.y - other.y);
      ctx.save();
      ctx.font = font(11);
      ctx.fillStyle = colour('ink');
      ctx.textBaseline = 'middle';
      let below = -Infinity;
      for (const label of labels) {
        const y = Math.max(label.y, below);
        ctx.fillText(label.name, chartArea.right + 6, y);
        below = y + 13;
      }
      ctx.restore();
    },
  });

  const kinds = {
    overTime(description) {
      const {step, lines} = description;
      const showsErrors = description.failedPercent.length > 0;
      const at = values => values.map((y, index) => ({x: (index + 0.5) * step, y}));
      const isolatedPointRadius = ({dataset, dataIndex}) => {
        const value = offset => dataset.data[dataIndex + offset]?.y ?? null;
        return value(0) !== null && value(-1) === null && value(1) === null ? 1.5 : 0;
      };
      const rows = description.bands.length > 1 ? 2 : 1;
      return {
        data: {
          datasets: [
            ...lines.map(line => ({
              type: 'line', label: line.name, data: at(line.values), yAxisID: 'y',
              borderColor: line.strong ? colour(description.hue) : colour('muted'),
              backgroundColor: line.strong ? colour(description.hue) : colour('muted'),
              borderWidth: line.strong ? 2 : 1.25, pointRadius: isolatedPointRadius, pointHoverRadius: 3, pointHitRadius: 8,
              borderJoinStyle: 'round', order: line.strong ? 0 : 1,
            })),
            ...(showsErrors ? [{
              type: 'bar', label: 'errors', data: at(description.failedPercent), yAxisID: 'failed',
              backgroundColor: colour('fault'), barPercentage: 1, categoryPercentage: 1, minBarLength: 2,
            }] : []),
          ],
        },
        options: {
          layout: {padding: {top: 6 + 13 * rows, right: 30}},
          interaction: {mode: 'index', intersect: false},
          scales: {
            x: {
              type: 'linear', offset: false, min: 0, max: description.seconds, border: {color: colour('rule')}, grid: {display: false},
              ticks: {color: colour('muted'), maxTicksLimit: 6, maxRotation: 0, callback: value => value.toLocaleString('en', {maximumSignificantDigits: 3}) + ' s'},
            },
            // Without data, Chart.js cannot find out which axis this is, and draws nothing.
            ...(showsErrors ? {failed: {
              stack: 'lanes', stackWeight: 1.3, min: 0, max: 140, border: {display: false},
              grid: {color: colour('faint'), drawTicks: false},
              title: {display: true, text: 'errors', color: colour('muted')},
              ticks: {color: colour('muted'), padding: 6, callback: value => value === 100 ? '100 %' : '0'},
              afterBuildTicks: axis => { axis.ticks = [{value: 0}, {value: 100}]; },
            }} : {}),
            y: logarithmic(description.range, {
              stack: 'lanes', stackWeight: 4,
              title: {display: true, text: description.unit, color: colour('muted')},
            }),
          },
          plugins: {
            tooltip: tooltip({
              title: ([first]) => first ? 'from ' + figure(first.parsed.x - step / 2) + ' s' : '',
              label: ({dataset, parsed}) =>
                dataset.label + ' ' + figure(parsed.y) + (dataset.yAxisID === 'failed' ? ' %' : ' ' + description.unit),
            }),
          },
        },
        plugins: [bands(description.bands), lineNames(lines.length > 1 ? lines.map(line => line.name) : [])],
      };
    },

    curves(description) {
      const {curves, limit, limitName, range} = description;
      const limitLine = {
        id: 'limitLine',
        beforeDatasetsDraw({ctx, chartArea, scales}) {
          const y = scales.y.getPixelForValue(limit);
          ctx.save();
          ctx.fillStyle = colour('fault');
          ctx.fillRect(chartArea.left, y - 0.5, chartArea.width, 1);
          ctx.font = font(11);
          ctx.fillText(limitName, chartArea.left + 4, y - 4);
          ctx.restore();
        },
      };
      return {
        type: 'line',
        data: {
          datasets: curves.map(curve => ({
            label: curve.name, data: curve.points.map(({rate, value}) => ({x: rate, y: value})),
            borderColor: colour(curve.hue), backgroundColor: colour(curve.hue), borderWidth: 2,
            borderDash: curve.dashed ? [5, 4] : [], pointRadius: 2.5, pointHoverRadius: 4, pointHitRadius: 8, clip: 6,
            borderJoinStyle: 'round',
          })),
        },
        options: {
          interaction: {mode: 'nearest', intersect: false},
          scales: {
            x: logarithmic(description.rates, {
              grid: {display: false}, border: {color: colour('rule')},
              title: {display: true, text: 'offered requests per second', color: colour('muted')},
            }),
            y: logarithmic(range, {title: {display: true, text: description.unit, color: colour('muted')}}),
          },
          plugins: {
            legend: {
              display: true, align: 'start', onClick: () => {},
              labels: {usePointStyle: true, pointStyle: 'line', color: colour('ink'), padding: 14},
            },
            tooltip: tooltip({
              title: ([first]) => first ? first.dataset.label : '',
              label: ({parsed}) => figure(parsed.y) + ' ' + description.unit + ' at ' + figure(parsed.x) + ' requests per second',
            }),
          },
        },
        plugins: [limitLine],
      };
    },

    dots(description) {
      const {rows, marks} = description;
      const shapes = ['circle', 'rectRot', 'triangle', 'rect'];
      const values = {
        id: 'values',
        beforeDatasetsDraw({ctx, scales}) {
          ctx.save();
          rows.forEach((row, index) => {
            const known = row.values.filter(value => value !== null).map(value => scales.x.getPixelForValue(value));
            const y = scales.y.getPixelForValue(index);
            ctx.fillStyle = colour('rule');
            if (known.length > 1) {
              ctx.fillRect(Math.min(...known), y - 0.75, Math.max(...known) - Math.min(...known), 1.5);
            }
          });
          ctx.restore();
        },
        afterDatasetsDraw({ctx, chartArea, scales}) {
          ctx.save();
          ctx.font = font(11);
          rows.forEach((row, index) => {
            const y = scales.y.getPixelForValue(index);
            ctx.fillStyle = colour('ink');
            ctx.textAlign = 'center';
            let end = -Infinity;
            row.values.map((value, mark) => ({value, mark})).filter(dot => dot.value !== null)
              .sort((one, other) => one.value - other.value)
              .forEach(({value}) => {
                const text = figure(value);
                const half = ctx.measureText(text).width / 2;
                const x = Math.min(scales.x.getPixelForValue(value), chartArea.right + 26 - half);
                const overlaps = x - half < end + 4;
                ctx.fillText(text, x, overlaps ? y + 19 : y - 10);
                end = overlaps ? end : x + half;
              });
            const absent = marks.filter((_, mark) => row.values[mark] === null);
            if (absent.length > 0) {
              ctx.fillStyle = colour('muted');
              ctx.textAlign = 'right';
              ctx.textBaseline = 'middle';
              const all = absent.length === marks.length;
              const text = all && marks.length > 2 ? description.absent : absent.join(', ') + ': ' + description.absent;
              const known = row.values.filter(value => value !== null).map(value => scales.x.getPixelForValue(value));
              const overlaps = Math.max(0, ...known) + 10 > chartArea.right - ctx.measureText(text).width;
              ctx.fillText(text, chartArea.right, overlaps ? y + 15 : y);
              ctx.textBaseline = 'alphabetic';
            }
          });
          ctx.restore();
        },
      };
      return {
        type: 'line',
        data: {
          labels: rows.map(row => row.name),
          datasets: marks.map((mark, index) => ({
            label: mark, data: rows.map(row => row.values[index]), showLine: false,
            pointStyle: shapes[index % shapes.length], pointRadius: 5, pointHoverRadius: 6, clip: false,
            borderColor: colour('muted'), backgroundColor: colour('muted'),
            pointBorderColor: rows.map(row => colour(row.hue)), pointBackgroundColor: rows.map(row => colour(row.hue)),
          })),
        },
        options: {
          indexAxis: 'y',
          layout: {padding: {right: 26}},
          interaction: {mode: 'nearest', intersect: true},
          scales: {
            x: logarithmic(description.range, {display: rows.some(row => row.values.some(value => value !== null))}),
            y: {
              offset: true, border: {display: false}, grid: {display: false},
              ticks: {color: colour('ink'), font: {size: 13}, autoSkip: false, crossAlign: 'far',
                callback: index => rows[index].name.length > 28 ? rows[index].name.slice(0, 27) + '…' : rows[index].name,
              },
            },
          },
          plugins: {
            legend: {
              display: true, align: 'end', onClick: () => {},
              labels: {
                usePointStyle: true, boxHeight: 7, color: colour('muted'), padding: 14,
                generateLabels: chart => Chart.defaults.plugins.legend.labels.generateLabels(chart)
                  .map(item => ({...item, fillStyle: colour('muted'), strokeStyle: colour('muted')})),
              },
            },
            tooltip: tooltip({
              label: ({dataset, parsed}) => dataset.label + ' ' + figure(parsed.x) + ' ' + description.unit,
            }),
          },
        },
        plugins: [values],
      };
    },
  };

  const draw = () => {
    drawn.splice(0).forEach(chart => chart.destroy());
    Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
    Chart.defaults.font.size = 11;
    for (const description of descriptions) {
      const canvas = document.getElementById(description.id);
      if (description.rows) {
        canvas.parentElement.style.height = 70 + 48 * description.rows.length + 'px';
      }
      const {options, ...configuration} = kinds[description.kind](description);
      const {plugins, ...rest} = options;
      drawn.push(new Chart(canvas, {
        ...configuration,
        options: {
          animation: false, responsive: true, maintainAspectRatio: false, normalized: true,
          ...rest, plugins: {legend: {display: false}, ...plugins},
        },
      }));
    }
  };

  draw();
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
  addEventListener('beforeprint', () => { root.classList.add('printing'); draw(); });
  addEventListener('afterprint', () => { root.classList.remove('printing'); draw(); });
})();
