/** Rows that v1 itself would not have written: each is put into a copy of the story, and must be told. */
import { describe, expect, it } from 'vitest'
import type { Finding } from '../src/v1/import/findings.ts'
import { toReportJson, type V1Report } from '../src/v1/import/report.ts'
import { reviewV1 } from '../src/v1/import/review-v1.ts'
import { findingsOf, V1Folder, v1File } from './v1-file.ts'

function review(path: string): Promise<V1Report> {
  return reviewV1(path, { nowMs: Date.UTC(2026, 11, 1) })
}

const A_LINE = `(SELECT uuid FROM fedow_core_transaction WHERE action = 'SAL' ORDER BY datetime DESC LIMIT 1)`
const A_CARD = `(SELECT uuid FROM fedow_core_card WHERE user_id IS NULL AND wallet_ephemere_id IS NULL LIMIT 1)`
const NOBODY = "'00000000000000000000000000000001'"

describe('the report on what v1 itself would not have written', () => {
  it.each<[code: Finding['code'], amount: bigint | undefined, sql: string]>([
    [
      'hash_mismatch',
      201n,
      `UPDATE fedow_core_transaction SET amount = 201 WHERE uuid = ${A_LINE}`,
    ],
    ['balance_drift', 1n, `UPDATE fedow_core_transaction SET amount = 201 WHERE uuid = ${A_LINE}`],
    [
      'impossible_amount',
      -5n,
      `UPDATE fedow_core_transaction SET amount = -5 WHERE uuid = ${A_LINE}`,
    ],
    [
      'impossible_amount',
      -7n,
      'UPDATE fedow_core_token SET value = -7 WHERE uuid = (SELECT min(uuid) FROM fedow_core_token)',
    ],
    [
      'impossible_amount',
      2n ** 53n,
      `UPDATE fedow_core_transaction SET amount = 9007199254740992 WHERE uuid = ${A_LINE}`,
    ],
    [
      'unknown_reference',
      200n,
      `UPDATE fedow_core_transaction SET card_id = ${NOBODY} WHERE uuid = ${A_LINE}`,
    ],
    [
      'unknown_reference',
      undefined,
      `UPDATE fedow_core_card SET user_id = ${NOBODY} WHERE uuid = ${A_CARD}`,
    ],
    [
      'line_in_future',
      200n,
      `UPDATE fedow_core_transaction SET datetime = '2027-01-01 00:00:00' WHERE uuid = ${A_LINE}`,
    ],
    [
      'unreadable_row',
      undefined,
      `UPDATE fedow_core_transaction SET datetime = 'yesterday' WHERE uuid = ${A_LINE}`,
    ],
    [
      'line_against_rules',
      200n,
      `UPDATE fedow_core_transaction SET action = 'TRF' WHERE uuid = ${A_LINE}`,
    ],
    [
      'correction_line',
      200n,
      `UPDATE fedow_core_transaction SET action = 'COR' WHERE uuid = ${A_LINE}`,
    ],
    [
      'chain_odd',
      200n,
      `UPDATE fedow_core_transaction SET previous_transaction_id = uuid WHERE uuid = ${A_LINE}`,
    ],
    [
      'fed_minted_without_checkout',
      5000n,
      `UPDATE fedow_core_transaction SET checkout_stripe_id = NULL WHERE action = 'CRE' AND amount = 5000`,
    ],
    [
      'checkout_credited_twice',
      5000n,
      `UPDATE fedow_core_transaction SET checkout_stripe_id = (
         SELECT uuid FROM fedow_core_checkoutstripe WHERE status = 'V'
       ) WHERE action = 'CRE' AND amount = 5000`,
    ],
    [
      'checkout_not_credited',
      undefined,
      `UPDATE fedow_core_transaction SET checkout_stripe_id = NULL
       WHERE checkout_stripe_id = (SELECT uuid FROM fedow_core_checkoutstripe WHERE status = 'V')`,
    ],
    [
      'stranded_money',
      2100n,
      `UPDATE fedow_core_card SET wallet_ephemere_id = NULL WHERE first_tag_id = '73F7ED73'`,
    ],
    [
      'wallet_of_two',
      undefined,
      `UPDATE fedow_core_card SET wallet_ephemere_id = (SELECT min(wallet_id) FROM fedow_core_place)
       WHERE uuid = ${A_CARD}`,
    ],
    [
      'card_of_two_wallets',
      2100n,
      `UPDATE fedow_core_card SET user_id = (SELECT min(uuid) FROM fedow_core_fedowuser)
       WHERE first_tag_id = '73F7ED73'`,
    ],
    [
      'card_odd',
      undefined,
      `UPDATE fedow_core_card SET first_tag_id = 'XYZ' WHERE uuid = ${A_CARD}`,
    ],
    [
      'card_lower_case',
      undefined,
      `UPDATE fedow_core_card SET first_tag_id = 'abcd1234' WHERE uuid = ${A_CARD}`,
    ],
    [
      'card_collision',
      undefined,
      `UPDATE fedow_core_card SET first_tag_id = '73f7ed73' WHERE uuid = ${A_CARD}`,
    ],
    [
      'homonymous_assets',
      undefined,
      `UPDATE fedow_core_asset SET archive = 0 WHERE name = 'Adhésion AA678AC5'`,
    ],
    [
      'asset_odd',
      undefined,
      `UPDATE fedow_core_asset SET currency_code = 'FED' WHERE category = 'BDG'`,
    ],
    [
      'temporary_key',
      undefined,
      `UPDATE fedow_core_organizationapikey SET name = 'temp_Venue:a@b.test' WHERE prefix = 'hDA6u7Ej'`,
    ],
    [
      'key_named_temporary',
      undefined,
      `UPDATE fedow_core_organizationapikey SET name = 'Con_temp_o:a@b.test' WHERE prefix = 'hDA6u7Ej'`,
    ],
    [
      'key_old_hash',
      undefined,
      `UPDATE fedow_core_organizationapikey SET hashed_key = 'pbkdf2_sha256$1$a$b' WHERE prefix = 'hDA6u7Ej'`,
    ],
    [
      'person_without_wallet',
      undefined,
      `UPDATE fedow_core_fedowuser SET wallet_id = NULL WHERE email = 'u7e58da41cc@holdout.test'`,
    ],
    [
      'first_line_odd',
      undefined,
      `UPDATE fedow_core_transaction SET action = 'BDG' WHERE action = 'FST' AND asset_id = (
         SELECT uuid FROM fedow_core_asset WHERE category = 'SUB' LIMIT 1)`,
    ],
    [
      'minting_undelivered',
      5000n,
      `DELETE FROM fedow_core_transaction WHERE action = 'REF' AND amount = 5000`,
    ],
    [
      'refill_without_minting',
      5000n,
      `UPDATE fedow_core_transaction SET comment = 'x' WHERE action = 'REF' AND amount = 5000`,
    ],
    [
      'spent_more_than_held',
      200n,
      `DELETE FROM fedow_core_transaction WHERE action = 'REF' AND receiver_id = (
         SELECT sender_id FROM fedow_core_transaction WHERE uuid = ${A_LINE})`,
    ],
  ])('finds %s of %s', async (code, amount, sql) => {
    using folder = new V1Folder('story', sql)
    const before = findingsOf(await review(v1File('story')), code).length
    const found = findingsOf(await review(folder.path), code)
    expect(found.length).toBeGreaterThan(before)
    expect(found.map((finding) => finding.amount)).toContain(amount)
  })

  it('takes a correction for no movement', async () => {
    // As v1 reconciles: the stored value goes back onto the lines, and a line tells by how much.
    const drifted = "(SELECT wallet_id FROM fedow_core_place WHERE name = 'Load mixed 0 26cc98')"
    using folder = new V1Folder(
      'storm',
      `UPDATE fedow_core_token SET value = value + 1045 WHERE wallet_id = ${drifted}
         AND asset_id = (SELECT uuid FROM fedow_core_asset WHERE name = 'Load FDB6291C');
       INSERT INTO fedow_core_transaction SELECT lower(hex(randomblob(16))), lower(hex(randomblob(32))), ip,
         '2026-11-23 00:00:00', 1045, 'reconciled', NULL, 'NO', NULL, NULL, '2026-11-23 00:00:00', 'COR', asset_id,
         NULL, NULL, uuid, NULL, sender_id, (SELECT primary_wallet_id FROM fedow_core_configuration)
       FROM fedow_core_transaction WHERE action = 'CRE' AND sender_id = ${drifted}
       ORDER BY datetime DESC LIMIT 1`,
    )
    const report = await review(folder.path)
    const drifts = findingsOf(report, 'balance_drift').map(({ amount }) => amount)
    expect(drifts).toEqual([-40n, 25n])
    expect(findingsOf(report, 'correction_line')).toMatchObject([{ amount: 1045n }])
  })

  it('keeps amounts beyond 2^53 exact for programs', async () => {
    using folder = new V1Folder(
      'story',
      `UPDATE fedow_core_transaction SET amount = 9007199254740993 WHERE uuid = ${A_LINE}`,
    )
    expect(JSON.stringify(toReportJson(await review(folder.path)))).toContain('"9007199254740993"')
  })
})
