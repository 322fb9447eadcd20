import re
from pathlib import Path

from django.apps import apps

from binhyen.web.urls import MODULES
from tests.architecture.house import ROOT, tracked_files

BIOMETRIC = re.compile(
    r"face[_-]?(recognition|id|net|embedding|encoding|vector)|insightface|deepface|arcface|facenet|dlib|retinaface|"
    r"embedding|biometric|pgvector|faiss|(person|people)[_-]?re-?id|gait",
    re.IGNORECASE,
)
MODEL_FILES = {".onnx", ".pt", ".pth", ".tflite", ".caffemodel", ".h5", ".pb", ".safetensors", ".param", ".bin"}


def layer(app_label):
    """0 for the kernel and libraries, then the modules in their declared order."""
    return MODULES.index(app_label) + 1 if app_label in MODULES else 0


def test_foreign_keys_point_at_the_kernel_or_down_the_order_of_modules():
    upward = [
        f"{model._meta.label}.{field.name} -> {field.related_model._meta.label}"
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if field.is_relation and not field.auto_created and field.related_model is not None
        if layer(field.related_model._meta.app_label) > layer(model._meta.app_label)
    ]
    assert upward == []


def test_T08_no_table_or_column_could_hold_a_face_or_a_person_embedding():
    names = [
        f"{model._meta.db_table}.{field.name} {field.verbose_name if hasattr(field, 'verbose_name') else ''}"
        for model in apps.get_models()
        for field in model._meta.get_fields()
    ]
    assert len(names) > 50
    assert [name for name in names if BIOMETRIC.search(name)] == []
    types = {field.get_internal_type() for model in apps.get_models() for field in model._meta.fields}
    assert {kind for kind in types if "vector" in kind.lower() and kind != "SearchVectorField"} == set()


def test_T08_no_dependency_recognises_faces_or_people():
    packages = [
        line.split("==")[0]
        for name in ("requirements.lock", "requirements-test.lock", "package-lock.json")
        for line in (ROOT / name).read_text().splitlines()
        if "==" in line or line.strip().startswith('"node_modules/')
    ]
    assert len(packages) > 100
    assert [package for package in packages if BIOMETRIC.search(package)] == []


def test_T08_no_model_file_is_in_the_repository():
    assert [str(path) for path in tracked_files() if Path(path).suffix.lower() in MODEL_FILES] == []
