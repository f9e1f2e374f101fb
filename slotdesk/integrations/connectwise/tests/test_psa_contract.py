from slotdesk.integrations.contract.psa_suite import PsaContract


class TestConnectWisePsa(PsaContract):
    """The adapter against the stand-in, over real HTTP."""
