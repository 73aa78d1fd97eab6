/** What every command does, how it is written, and two examples of it. Examples stand one a line. */
export const help = {
  'help.new.does': 'Makes a new campaign over a spreadsheet. What you leave out, I ask for step by step.',
  'help.new.how':
    '`new <file> [name="…"] [text="…"] [sender=…] [start="…"] [until="…"] [class=marketing|service] [zone=…] [window=09:00-20:00] [cost-centre=…]`',
  'help.new.examples':
    '`new customers.xlsx`\n`new customers.xlsx name="Black Friday" text="Hello {{Name}}, 20 % off until Sunday" sender=ACME start="tomorrow 10:00"`',

  'help.edit.does':
    'Changes a campaign, or answers what I asked about its file. An approved campaign becomes a draft again.',
  'help.edit.how':
    '`edit <number> [text="…"] [sender=…] [start="…"] [source=<file>] [tab="…"] [header=<row>] [phone="<column>"] [hidden=take|leave] …`',
  'help.edit.examples':
    '`edit 12 text="Hello {{Name}}, the sale ends tonight"`\n`edit 12 phone="Mobile phone" hidden=leave`',

  'help.list.does': 'Lists the campaigns that you may see, the latest changed first.',
  'help.list.how': '`list [mine | drafts | waiting | scheduled | sending | finished]`',
  'help.list.examples': '`list`\n`list drafts`',

  'help.show.does': 'Shows a campaign: its state, its numbers, its cost, and what can be done next.',
  'help.show.how': '`show <number>`',
  'help.show.examples': '`show 12`\n`#12`',

  'help.preview.does':
    'Shows the text as it will arrive: for the first recipient, for the longest message, and for a doubtful number.',
  'help.preview.how': '`preview <number>`',
  'help.preview.examples': '`preview 12`\n`preview #12`',

  'help.test.does': 'Sends the first message of a campaign to your own confirmed phone, and to nobody else.',
  'help.test.how': '`test <number>`',
  'help.test.examples': '`test 12`\n`test #12`',

  'help.submit.does': 'Gives a campaign to be approved. Somebody other than you decides.',
  'help.submit.how': '`submit <number>`',
  'help.submit.examples': '`submit 12`\n`submit #12`',

  'help.withdraw.does': 'Takes a campaign back from approval; it is a draft again.',
  'help.withdraw.how': '`withdraw <number>`',
  'help.withdraw.examples': '`withdraw 12`\n`withdraw #12`',

  'help.approve.does':
    'Approves exactly what the card shows. The mark after the number stands on the card; without it I show you the card first.',
  'help.approve.how': '`approve <number> <mark>`',
  'help.approve.examples': '`approve 12`\n`approve 12 a1b2c3`',

  'help.reject.does': 'Sends a campaign back to its author with your reason.',
  'help.reject.how': '`reject <number> <reason>`',
  'help.reject.examples': '`reject 12 the price in the text is last month’s`\n`reject 12`',

  'help.waiting.does': 'Lists the campaigns that wait for your decision.',
  'help.waiting.how': '`waiting`',
  'help.waiting.examples': '`waiting`\n`show 12`',

  'help.schedule.does':
    'Sets when a campaign starts. A time within what was approved needs no new approval, another one does.',
  'help.schedule.how': '`schedule <number> <time>`',
  'help.schedule.examples': '`schedule 12 tomorrow 10:00`\n`reschedule 12 24.11.2026 9:30 Moscow time`',

  'help.pause.does': 'Stops a campaign within a second. Nothing is lost: resume goes on where it stopped.',
  'help.pause.how': '`pause <number>`',
  'help.pause.examples': '`pause 12`\n`pause #12`',

  'help.resume.does':
    'Goes on with a paused campaign, or starts one whose time was missed. I say first how many messages can still be sent in time.',
  'help.resume.how': '`resume <number>`',
  'help.resume.examples': '`resume 12`\n`resume #12`',

  'help.cancel.does': 'Ends a campaign. What has not been sent never will be.',
  'help.cancel.how': '`cancel <number>`',
  'help.cancel.examples': '`cancel 12`\n`cancel #12`',

  'help.results.does': 'Writes what happened beside the rows of the spreadsheet, and says where.',
  'help.results.how': '`results <number>`',
  'help.results.examples': '`results 12`\n`results #12`',

  'help.copy.does': 'Makes a new draft with the same text and the same spreadsheet.',
  'help.copy.how': '`copy <number> [name="…"]`',
  'help.copy.examples': '`copy 12`\n`copy 12 name="Black Friday, second wave"`',

  'help.refresh.does': 'Reads the list of a campaign anew. It becomes a draft again and needs a new approval.',
  'help.refresh.how': '`refresh <number>`',
  'help.refresh.examples': '`refresh 12`\n`refresh #12`',

  'help.again.does':
    'Makes a new draft for those whom a campaign did not reach. Who received it, or may have, is left out.',
  'help.again.how': '`again <number> [name="…"]`',
  'help.again.examples': '`again 12`\n`again 12 name="Black Friday, once more"`',

  'help.suppress.does':
    'Puts a phone number on the list of those that are never sent to, at once and for every campaign.',
  'help.suppress.how': '`suppress <phone> [reason]`',
  'help.suppress.examples': '`suppress +7 916 123-45-67`\n`suppress +79161234567 complained by phone`',

  'help.audience-check.does':
    'Looks into a spreadsheet without making a campaign: its tabs, its columns, and what I would have to ask about.',
  'help.audience-check.how': '`audience check <file>`',
  'help.audience-check.examples': '`audience check customers.xlsx`\n`check "new customers.csv"`',

  'help.status.does': 'Says whether messages are going out, how the operators are, and what is under way.',
  'help.status.how': '`status`',
  'help.status.examples': '`status`\n`list sending`',

  'help.provider.does':
    'Shows how an operator is, what waits for it and what comes next; stops it within a second, starts it again, or takes it live after its trial.',
  'help.provider.how': '`provider <name> [stop | start | live]`',
  'help.provider.examples': '`provider alfa`\n`provider alfa stop`',

  'help.stop-all.does': 'Stops everything that is being sent, in all campaigns, within a second.',
  'help.stop-all.how': '`stop all`',
  'help.stop-all.examples': '`stop all`\n`go on`',

  'help.go-on.does': 'Lets messages go out again after “stop all”.',
  'help.go-on.how': '`go on`',
  'help.go-on.examples': '`go on`\n`status`',

  'help.help.does': 'Lists the commands, or explains one of them.',
  'help.help.how': '`help [command]`',
  'help.help.examples': '`help`\n`help new`',

  'help.settings.does': 'Shows your language, your time zone and your deputy, and changes them.',
  'help.settings.how': '`settings [language=en|ru] [zone=…] [deputy=<person> until="…"]`',
  'help.settings.examples': '`settings language=en zone=Europe/Berlin`\n`settings deputy=maria until="friday 18:00"`',

  'help.phone.does': 'Sends a code to your own phone. Once you have confirmed it, tests of campaigns can go there.',
  'help.phone.how': '`phone <number>`',
  'help.phone.examples': '`phone +7 916 123-45-67`\n`phone code 123456`',

  'help.phone-code.does': 'Confirms your phone by the code that I sent there.',
  'help.phone-code.how': '`phone code <code>`',
  'help.phone-code.examples': '`phone code 123456`\n`code 123456`',

  'help.staff.does': 'Lists the people who may use Herald, with their departments and roles.',
  'help.staff.how': '`staff [list] [department]`',
  'help.staff.examples': '`staff`\n`staff list marketing`',

  'help.staff-add.does': 'Lets a person in by hand, without a request.',
  'help.staff-add.how': '`staff add <person> name="…" department=… roles=…`',
  'help.staff-add.examples':
    '`staff add maria name="Maria Ivanova" department=marketing roles=author`\n`staff add ivan name="Ivan Petrov" department=sales roles=author,approver`',

  'help.staff-import.does':
    'Adds and changes people as a sheet says: one row a person, with the columns short name, name, department and roles. Who is not in it stays; empty roles stay as they were.',
  'help.staff-import.how': '`staff import <file> [tab="…"]`',
  'help.staff-import.examples': '`staff import staff.xlsx`\n`staff import staff.xlsx tab="Sales"`',

  'help.staff-role.does': 'Gives a person these roles, instead of those that he or she has.',
  'help.staff-role.how': '`staff role <person> <roles>`',
  'help.staff-role.examples': '`staff role maria author`\n`staff role ivan author, approver`',

  'help.staff-department.does': 'Moves a person to another department.',
  'help.staff-department.how': '`staff department <person> <department>`',
  'help.staff-department.examples': '`staff department maria sales`\n`staff department ivan marketing`',

  'help.staff-email.does':
    'Sets a person’s work address: Google sheets are opened in its name, where Herald acts for people.',
  'help.staff-email.how': '`staff email <person> <address>`',
  'help.staff-email.examples': '`staff email maria maria@example.com`\n`staff email maria -`',

  'help.staff-sees.does':
    'Lets a person see the campaigns of further departments, of all of them, or of none but the own.',
  'help.staff-sees.how': '`staff sees <person> <departments | all | own>`',
  'help.staff-sees.examples': '`staff sees maria sales, support`\n`staff sees ivan all`',

  'help.staff-deactivate.does': 'Takes all rights away from a person, at once.',
  'help.staff-deactivate.how': '`staff deactivate <person>`',
  'help.staff-deactivate.examples': '`staff deactivate maria`\n`staff activate maria`',

  'help.staff-activate.does': 'Gives a person who was deactivated the rights back.',
  'help.staff-activate.how': '`staff activate <person>`',
  'help.staff-activate.examples': '`staff activate maria`\n`staff`',

  'help.access.does': 'Lists the people who ask to be let in.',
  'help.access.how': '`access`',
  'help.access.examples': '`access`\n`requests`',

  'help.access-grant.does': 'Lets a person in who asked for it.',
  'help.access-grant.how': '`access grant <request> <department> <roles>`',
  'help.access-grant.examples': '`access grant 7f3a marketing author`\n`access grant 7f3a sales author, approver`',

  'help.access-refuse.does': 'Turns a person away who asked to be let in.',
  'help.access-refuse.how': '`access refuse <request>`',
  'help.access-refuse.examples': '`access refuse 7f3a`\n`access`',

  'help.request-access.does': 'Asks the administrators to let you in under this short name.',
  'help.request-access.how': '`request access <your short name>`',
  'help.request-access.examples': '`request access maria`\n`request access ivan.petrov`',

  'help.notices.does': 'Shows what has happened since you were last here.',
  'help.notices.how': '`notices`',
  'help.notices.examples': '`notices`\n`waiting`',

  'help.deployment-confirm.does':
    'Says that this database is the right one, after it was restored or moved. Until then nothing is sent.',
  'help.deployment-confirm.how': '`deployment confirm`',
  'help.deployment-confirm.examples': '`deployment confirm`\n`status`',
} as const;
