import type Stripe from 'stripe'

type Details = Stripe.Charge.PaymentMethodDetails

/** A Visa card of a French bank. */
export function cardDetails(): Details {
  return {
    card: {
      amount_authorized: null,
      authorization_code: null,
      brand: 'visa',
      checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: 'pass' },
      country: 'FR',
      electronic_commerce_indicator: null,
      exp_month: 12,
      exp_year: 2034,
      fingerprint: 'Xt5EWLLDS7FJjR1c',
      funding: 'debit',
      installments: null,
      last4: '4242',
      mandate: null,
      network: 'visa',
      network_token: { used: false },
      network_transaction_id: '7624909951104101',
      regulated_status: 'regulated',
      three_d_secure: null,
      transaction_link_id: null,
      wallet: null,
    },
    type: 'card',
  }
}

export function sepaDetails(): Details {
  return {
    sepa_debit: {
      bank_code: '30001',
      branch_code: '00794',
      country: 'FR',
      fingerprint: 'vifs0Ho7vwRn1Miu',
      last4: '1866',
      mandate: null,
    },
    type: 'sepa_debit',
  }
}

/** A card tapped on a reader. */
export function cardPresentDetails(reader: Stripe.Terminal.Reader | undefined): Details {
  return {
    card_present: {
      amount_authorized: null,
      brand: 'visa',
      brand_product: null,
      cardholder_name: null,
      country: 'FR',
      emv_auth_data: null,
      exp_month: 12,
      exp_year: 2034,
      fingerprint: 'Xt5EWLLDS7FJjR1c',
      funding: 'debit',
      generated_card: null,
      incremental_authorization_supported: false,
      last4: '4242',
      network: 'visa',
      network_transaction_id: '7624909951104102',
      offline: null,
      overcapture_supported: false,
      preferred_locales: ['fr'],
      read_method: 'contactless_emv',
      receipt: null,
      ...(reader ? { reader: reader.id } : {}),
    },
    type: 'card_present',
  }
}
