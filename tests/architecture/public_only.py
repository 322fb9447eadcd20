"""An import-linter contract: modules speak to each other through `public.py`, and nothing else of them."""

from importlinter import Contract, ContractCheck, fields, output


class PublicOnlyContract(Contract):
    """Siblings below `packages_under` import only `<sibling>.public` of each other."""

    packages_under = fields.StringField()

    def check(self, graph, verbose):
        siblings = graph.find_children(self.packages_under)
        offences = [
            detail
            for importer in graph.find_descendants(self.packages_under)
            for imported in graph.find_modules_directly_imported_by(importer)
            if self._is_offence(importer, imported, siblings)
            for detail in graph.get_import_details(importer=importer, imported=imported)
        ]
        return ContractCheck(kept=not offences, metadata={"offences": offences})

    def render_broken_contract(self, check):
        for offence in check.metadata["offences"]:
            output.print_error(f"{offence['importer']}:{offence['line_number']}  {offence['line_contents']}")

    def _is_offence(self, importer, imported, siblings):
        theirs = _sibling_of(imported, siblings)
        if theirs is None or _sibling_of(importer, siblings) == theirs:
            return False
        return imported != f"{theirs}.public"


def _sibling_of(module, siblings):
    return next((sibling for sibling in siblings if module == sibling or module.startswith(sibling + ".")), None)
