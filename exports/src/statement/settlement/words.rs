//! Words of the settlement.

use soticket_schema::event::v1::SettledRole;

use crate::language::Term;

crate::terms! {
    /// A word.
    SETTLEMENT = "settlement": "Décompte (reddition des comptes)" / "Settlement (décompte)";
    /// A word.
    DEAL = "deal": "Contrat" / "Deal (contrat)";
    /// A word.
    DEAL_VERSION = "deal-version": "Version du contrat" / "Version of the deal";
    /// A word.
    CANONICAL = "settlement-hash": "Empreinte BLAKE3 du décompte : {0}" / "BLAKE3 of the settlement: {0}";
    /// A word.
    LINES = "settlement-lines": "Du produit de la billetterie au partage" / "From the receipts to the split";
    /// A word.
    STEP = "step": "Étape" / "Step";
    /// A word.
    PART = "part": "Détail" / "Part";
    /// A word.
    ROLE = "role": "Nature" / "Nature";
    /// A word.
    PARTY = "party": "Bénéficiaire" / "Party";
    /// A word.
    BASIS = "basis": "Assiette" / "Basis";
    /// A word.
    RATE = "rate": "Taux" / "Rate";
    /// A word.
    AMOUNT = "amount": "Montant HT" / "Amount (HT)";
    /// A word.
    VAT_RATE = "vat-rate": "TVA %" / "VAT %";
    /// A word.
    VAT = "vat": "TVA" / "VAT (TVA)";
    /// A word.
    PARTIES = "parties": "Sommes dues" / "What is due";
    /// A word.
    NET = "net": "HT" / "Net (HT)";
    /// A word.
    GROSS = "gross": "TTC" / "Gross (TTC)";
    /// A word.
    ADVANCES = "advances": "Acomptes" / "Advances";
    /// A word.
    PAID = "paid": "Réglé" / "Paid";
    /// A word.
    DUE = "due": "Reste dû" / "Due";
    /// A word.
    VERSIONS = "versions": "Versions scellées" / "Sealed versions";
    /// A word.
    SEALED_AT = "sealed-at": "Scellé le" / "Sealed at";
    /// A word.
    POSITION = "position": "Position" / "Position";
    /// A word.
    VERSION = "version": "Version" / "Version";
    /// A word.
    HASH = "hash": "Empreinte" / "Hash";
    /// A word.
    SIGNED = "signed-by": "Signatures" / "Signed by";
    /// A role.
    RECEIPTS = "role-receipts": "Recettes" / "Receipts";
    /// A role.
    LEVY = "role-levy": "Taxe" / "Tax";
    /// A role.
    ROYALTY = "role-royalty": "Droits d’auteur" / "Royalties";
    /// A role.
    CONTRIBUTION = "role-contribution": "Contribution" / "Contribution";
    /// A role.
    COMMISSION = "role-commission": "Commission" / "Commission";
    /// A role.
    PAYMENT_COST = "role-payment-cost": "Frais de paiement" / "Payment cost";
    /// A role.
    COST = "role-cost": "Frais" / "Cost";
    /// A role.
    SHARE = "role-share": "Part" / "Share";
    /// A role.
    OWN = "role-own": "Part de l’exploitant" / "Own share";
    /// A role.
    SUBTOTAL = "role-subtotal": "Calcul" / "Calculation";
    /// Where the rate of a line is from.
    RULE_SOURCE = "rule-source": "{0} ; taux {1} : {2}" / "{0}; rate {1}: {2}";
    /// What is owed adds up to the receipts.
    CLOSED = "adds-up": "Les recettes moins toutes les sommes sorties font exactement la part par différence." / "Receipts less everything taken out of them come exactly to the share by difference.";
}

/// The word for what a line is.
pub(super) fn role(role: SettledRole) -> Term {
    match role {
        SettledRole::Receipts => RECEIPTS,
        SettledRole::Levy => LEVY,
        SettledRole::Royalty => ROYALTY,
        SettledRole::Contribution => CONTRIBUTION,
        SettledRole::Commission => COMMISSION,
        SettledRole::PaymentCost => PAYMENT_COST,
        SettledRole::Cost => COST,
        SettledRole::Share => SHARE,
        SettledRole::Own => OWN,
        SettledRole::Subtotal => SUBTOTAL,
    }
}
