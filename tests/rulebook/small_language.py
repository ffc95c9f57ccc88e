"""A Spanish wording of the small rules."""

from __future__ import annotations

from pathlib import Path

SPANISH = """\
name: español
families:
  cold-relief:
    opening: ["Una palabra sobre el ajo y el resfriado:", "Algo más sobre el ajo y el resfriado:"]
    asked: ["En breve, sobre el ajo y el resfriado:"]
  garlic-safe:
    opening: ["El ajo es comida, con algo que saber:", "Una nota sobre el ajo:"]
    asked: ["En breve, sobre el ajo:"]
caveats:
  little-known:
    says: ["Apenas se ha mirado si ayuda con el resfriado.", "Muy pocos estudios han mirado si ayuda."]
    short: Poco estudiado.
  stomach:
    says: ["Crudo puede sentar mal al estómago.", "Hay estómagos que no lo llevan bien."]
    short: Puede sentar mal.
evidence:
  e-one-trial: Un pequeño ensayo es todo lo que hay sobre el ajo y el resfriado.
emergency: [Llama ya al número de emergencias.]
closings: [Información general.]
labels:
  helpful: Útil
  not_helpful: No es útil
  not_what_i_said: No es lo que dije
  why: ¿Por qué?
  voted_helpful: Anotado, útil.
  voted_not_helpful: Anotado, no útil.
  voted_not_what_i_said: Anotado, no es lo que se dijo.
  vote_again: Pulsa otra vez para retirarlo.
  vote_taken_back: Voto retirado.
  reply_unknown: No sé nada de esta respuesta.
  elsewhere: "De otra fuente:"
  in_danger: Llama al número de emergencias.
"""


def add_spanish(rules: Path, text: str = SPANISH) -> Path:
    """Write the language beside small rules, and give its file."""
    path = rules / "languages" / "es.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path
