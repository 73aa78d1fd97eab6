/** Every command by its name. A new one is an entry in the vocabulary, its help in the catalogue, and a line here. */
import type { Command } from '../command.ts';
import type { CommandName } from '../vocabulary.ts';
import { allowPrice } from './dearer.ts';
import { approve, reject, submit, withdraw } from './decide.ts';
import { again, copy, create, edit, refresh } from './drafts.ts';
import { link, linkConfirm, linkRefuse, staffInvite, staffUnlink, unlinkChat } from './link.ts';
import { list, preview, show, waiting } from './look.ts';
import { numbers, numbersApply, numbersImport } from './numbers.ts';
import {
  access,
  accessGrant,
  accessRefuse,
  staff,
  staffActivate,
  staffAdd,
  staffDeactivate,
  staffDepartment,
  staffEmail,
  staffRole,
  staffSees,
} from './people.ts';
import { prices, pricesApply, pricesImport } from './prices.ts';
import { provider } from './provider.ts';
import { providerCheck } from './provider-check.ts';
import { quote } from './quote.ts';
import { cancel, pause, resume, resumeAll, schedule, stopAll } from './run.ts';
import { notices, phone, phoneCode, settings } from './self.ts';
import { results, suppress, test } from './send.ts';
import { staffImport } from './staff-import.ts';
import { audienceCheck, deploymentConfirm, help, status } from './whole.ts';

export const COMMANDS: Readonly<Record<CommandName, Command>> = {
  new: create,
  edit,
  list,
  show,
  preview,
  test,
  submit,
  withdraw,
  approve,
  reject,
  waiting,
  schedule,
  pause,
  resume,
  cancel,
  results,
  copy,
  refresh,
  again,
  suppress,
  'audience-check': audienceCheck,
  status,
  'stop-all': stopAll,
  'go-on': resumeAll,
  provider,
  'provider-check': providerCheck,
  help,
  settings,
  phone,
  'phone-code': phoneCode,
  staff,
  'staff-add': staffAdd,
  'staff-import': staffImport,
  'staff-role': staffRole,
  'staff-department': staffDepartment,
  'staff-email': staffEmail,
  'staff-sees': staffSees,
  'staff-deactivate': staffDeactivate,
  'staff-activate': staffActivate,
  access,
  'access-grant': accessGrant,
  'access-refuse': accessRefuse,
  // Who asks is in already; the settings say as whom.
  'request-access': { keys: [], run: (call) => settings.run({ ...call, args: { ...call.args, words: [] } }) },
  link,
  'link-confirm': linkConfirm,
  'link-refuse': linkRefuse,
  unlink: unlinkChat,
  'staff-invite': staffInvite,
  'staff-unlink': staffUnlink,
  notices,
  quote,
  'allow-price': allowPrice,
  prices,
  'prices-import': pricesImport,
  'prices-apply': pricesApply,
  numbers,
  'numbers-import': numbersImport,
  'numbers-apply': numbersApply,
  'deployment-confirm': deploymentConfirm,
};
