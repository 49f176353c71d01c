/** English of `ui`: the primitives of the window, and what it says of its connection. */
export const ui = {
  ago: {
    justNow: 'just now',
    minutes: '{{amount}} min ago',
    hours: '{{amount}} h ago',
    days_one: '{{count}} day ago',
    days_other: '{{count}} days ago',
    months_one: '{{count}} month ago',
    months_other: '{{count}} months ago',
    years_one: '{{count}} year ago',
    years_other: '{{count}} years ago',
  },
  amount: {
    slider: '{{label}} slider',
  },
  cancel: 'Cancel',
  changed: {
    words: { added: 'added', modified: 'modified', removed: 'removed' },
    of: { added: 'Added', modified: 'Modified', removed: 'Removed' },
    inside: 'something in it has changed',
    noMatch: 'No path has that in it.',
    filter: 'Filter paths',
    all: 'All',
    truncated: 'Only the first {{count}} are shown; there are more.',
    kind: 'Kind of change',
  },
  copied: 'Copied',
  copy: 'Copy {{what}}',
  copyReport: 'Copy report',
  details: 'Details',
  dismiss: 'Dismiss',
  openLayer: 'Open menus and tooltips',
  path: {
    choose: 'Choose: {{label}}',
    showAll: 'Show what is there',
  },
} as const;
