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
