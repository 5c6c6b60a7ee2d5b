"""Makes the golden values in this folder. Development only.

Needs Pillow, NumPy, SciPy, TensorFlow and libjpeg-turbo's `cjpeg`:  python3 generate.py

PNG files are written here chunk by chunk, so that their pixels are known without any reader.
"""
import base64
import io
import json
import pathlib
import struct
import subprocess
import zlib

import numpy as np
import scipy.ndimage
import tensorflow as tf
from PIL import Image, ImageOps

FOLDER = pathlib.Path(__file__).parent
random = np.random.RandomState(7)


def text(data):
    return base64.b64encode(bytes(data)).decode()


def save(name, value):
    (FOLDER / name).write_text(json.dumps(value, separators=(",", ":")) + "\n")


def case(name, file, rgb):
    rgb = np.asarray(rgb)
    assert rgb.dtype == np.uint8 and rgb.shape[2] == 3
    return {"name": name, "file": text(file), "width": rgb.shape[1], "height": rgb.shape[0],
            "rgb": text(rgb.tobytes())}


# PNG ------------------------------------------------------------------------------------------

ADAM7 = [(0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1)]


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def rows(samples, depth):
    """The rows of `samples` [height, width, channels], each behind the number of its filter, 0."""
    result = b""
    for row in samples:
        numbers = row.reshape(-1)
        if depth == 16:
            line = b"".join(struct.pack(">H", v) for v in numbers)
        elif depth == 8:
            line = bytes(int(v) for v in numbers)
        else:
            bits = "".join(format(int(v), f"0{depth}b") for v in numbers)
            bits += "0" * (-len(bits) % 8)
            line = bytes(int(bits[i:i + 8], 2) for i in range(0, len(bits), 8))
        result += b"\0" + line
    return result


def png(samples, kind, depth, interlaced, extra=()):
    height, width, _ = samples.shape
    header = struct.pack(">IIBBBBB", width, height, depth, kind, 0, 0, int(interlaced))
    if interlaced:
        data = b""
        for top, left, down, right in ADAM7:
            part = samples[top::down, left::right]
            if part.size:
                data += rows(part, depth)
    else:
        data = rows(samples, depth)
    chunks = chunk(b"IHDR", header) + b"".join(chunk(*e) for e in extra)
    return (b"\x89PNG\r\n\x1a\n" + chunks + chunk(b"IDAT", zlib.compress(data, 9))
            + chunk(b"IEND", b""))


def rounded(x):
    return np.floor(np.asarray(x, np.float64) + 0.5).astype(np.uint8)


def on_white(rgb, alpha):
    """Colours and opacities from 0 to 1, laid on white."""
    return rounded(255 * (rgb * alpha + 1 - alpha))


def png_cases():
    height, width = 9, 13
    cases = []

    def add(name, samples, kind, depth, rgb, extra=()):
        for interlaced in (False, True):
            cases.append(case(name + ("-interlaced" if interlaced else ""),
                              png(samples, kind, depth, interlaced, extra), rgb))

    for depth in (1, 2, 4, 8, 16):
        top = 2 ** depth - 1
        grey = random.randint(0, top + 1, (height, width, 1))
        add(f"grey-{depth}", grey, 0, depth, np.repeat(rounded(grey * 255.0 / top), 3, 2))
    for depth in (8, 16):
        top = 2 ** depth - 1
        color = random.randint(0, top + 1, (height, width, 3))
        add(f"rgb-{depth}", color, 2, depth, rounded(color * 255.0 / top))
        samples = random.randint(0, top + 1, (height, width, 4))
        samples[0, :, 3], samples[1, :, 3] = 0, top
        add(f"rgba-{depth}", samples, 6, depth,
            on_white(samples[..., :3] / top, samples[..., 3:] / top))
        samples = random.randint(0, top + 1, (height, width, 2))
        add(f"grey-alpha-{depth}", samples, 4, depth,
            np.repeat(on_white(samples[..., :1] / top, samples[..., 1:] / top), 3, 2))
    for depth in (1, 2, 4, 8):
        colors = random.randint(0, 256, (min(2 ** depth, 40), 3)).astype(np.uint8)
        index = random.randint(0, len(colors), (height, width, 1))
        palette = (b"PLTE", colors.tobytes())
        add(f"palette-{depth}", index, 3, depth, colors[index[..., 0]], [palette])
        opacity = random.randint(0, 256, len(colors)).astype(np.uint8)
        rgb = on_white(colors[index[..., 0]] / 255, opacity[index] / 255)
        add(f"palette-{depth}-transparent", index, 3, depth, rgb,
            [palette, (b"tRNS", opacity.tobytes())])
    grey = random.randint(0, 4, (height, width, 1)) * 60
    add("grey-8-transparent", grey, 0, 8,
        np.repeat(np.where(grey == 120, 255, grey), 3, 2).astype(np.uint8),
        [(b"tRNS", struct.pack(">H", 120))])
    color = random.randint(0, 2, (height, width, 3)) * 200
    is_clear = (color == [200, 0, 200]).all(2, keepdims=True)
    add("rgb-8-transparent", color, 2, 8, np.where(is_clear, 255, color).astype(np.uint8),
        [(b"tRNS", struct.pack(">HHH", 200, 0, 200))])
    one = np.array([[[1, 2, 3]]])
    add("rgb-8-single", one, 2, 8, one.astype(np.uint8))
    return cases


# JPEG -----------------------------------------------------------------------------------------

def photo(height, width):
    y, x = np.mgrid[0:height, 0:width]
    rgb = np.stack([x * 255 / (width - 1), y * 255 / (height - 1), 128 + 100 * np.sin(x / 3 + y / 5)], 2)
    return np.clip(rgb + random.normal(0, 4, rgb.shape), 0, 255).astype(np.uint8)


def jpeg(image, **options):
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", **options)
    return buffer.getvalue()


def cjpeg(rgb, *options):
    ppm = b"P6 %d %d 255\n" % (rgb.shape[1], rgb.shape[0]) + rgb.tobytes()
    return subprocess.run(["cjpeg", "-quality", "90", *options], input=ppm, stdout=subprocess.PIPE,
                          check=True).stdout


def pillow(data):
    return np.asarray(ImageOps.exif_transpose(Image.open(io.BytesIO(data))).convert("RGB"))


def exif(orientation, order, kind=3):
    """A camera's notes with three entries, the second of which is the orientation."""
    def entry(tag, kind, count, value):
        data = struct.pack(order + ("H" if kind == 3 else "I"), value)
        return struct.pack(order + "HHI", tag, kind, count) + data.ljust(4, b"\0")
    entries = entry(0x0100, 3, 1, 640) + entry(0x0112, kind, 1, orientation) + entry(0x0128, 3, 1, 2)
    mark = b"II" if order == "<" else b"MM"
    # A gap before the directory: its place must be read, not assumed.
    return (b"Exif\0\0" + mark + struct.pack(order + "HI", 42, 12) + b"gap!"
            + struct.pack(order + "H", 3) + entries + struct.pack(order + "I", 0))


def without_segment(data, marker):
    position = 2
    while data[position + 1] != marker:
        position += 2 + struct.unpack(">H", data[position + 2:position + 4])[0]
    length = 2 + struct.unpack(">H", data[position + 2:position + 4])[0]
    return data[:position] + data[position + length:]


def jpeg_cases():
    rgb = photo(21, 34)
    image = Image.fromarray(rgb)
    files = {
        "grey": jpeg(image.convert("L"), quality=90),
        "444": jpeg(image, quality=90, subsampling=0),
        "422": cjpeg(rgb, "-sample", "2x1"),
        "420": cjpeg(rgb, "-sample", "2x2"),
        "440": cjpeg(rgb, "-sample", "1x2"),
        "411": cjpeg(rgb, "-sample", "4x1"),
        "410": cjpeg(rgb, "-sample", "4x2"),
        "3x1": cjpeg(rgb, "-sample", "3x1"),
        "uneven": cjpeg(rgb, "-sample", "2x2,2x1,1x2"),
        "rgb": cjpeg(rgb, "-rgb"),
        "progressive": cjpeg(rgb, "-progressive"),
        "restarts": cjpeg(rgb, "-restart", "1B"),
        "arithmetic": cjpeg(rgb, "-arithmetic"),
    }
    whole = files["420"]
    files["extraneous-bytes"] = whole[:-2] + b"\x12\x34" * 30 + whole[-2:]
    files["bytes-after-end"] = whole + b"left over"
    jfif = whole.index(b"JFIF\0")
    files["old-jfif"] = whole[:jfif + 5] + b"\0\0" + whole[jfif + 7:]
    for orientation in range(1, 9):
        notes = exif(orientation, "<>"[orientation % 2], 4 if orientation == 7 else 3)
        files[f"orientation-{orientation}"] = jpeg(image, quality=90, exif=notes)
    cases = [case(name, data, pillow(data)) for name, data in files.items()]

    # Adobe's programs store inks inverted and leave a mark; YCCK is the same, one step further.
    inks = np.concatenate([photo(21, 34), photo(21, 34)[..., :1]], 2)
    marked = jpeg(Image.fromarray(inks, "CMYK"), quality=90)
    assert b"Adobe" in marked
    cases.append(case("cmyk-adobe", marked, pillow(marked)))
    ycck = turbo_ycck(inks)
    assert b"Adobe" in ycck
    cases.append(case("ycck-adobe", ycck, pillow(ycck)))
    plain = without_segment(marked, 0xEE)
    raw = 255 - np.asarray(Image.open(io.BytesIO(plain))).astype(np.float64)  # Pillow inverts always
    cases.append(case("cmyk-plain", plain, rounded((255 - raw[..., :3]) * (255 - raw[..., 3:]) / 255)))
    return cases


def turbo_ycck(inks):
    import ctypes
    library = ctypes.CDLL("libturbojpeg.so.0")
    library.tjInitCompress.restype = ctypes.c_void_p
    handle = ctypes.c_void_p(library.tjInitCompress())
    out, size = ctypes.POINTER(ctypes.c_ubyte)(), ctypes.c_ulong(0)
    height, width, _ = inks.shape
    status = library.tjCompress2(handle, inks.tobytes(), width, 0, height, 11, ctypes.byref(out),
                                 ctypes.byref(size), 2, 90, 0)  # 11: CMYK pixels, 2: 4:2:0
    assert status == 0
    return ctypes.string_at(out, size.value)


# Resizing -------------------------------------------------------------------------------------

def resizing():
    nearest = []
    for old, new in [(499, 150), (375, 150), (200, 150), (150, 200), (500, 224), (1024, 224), (768, 512),
                     (7, 3), (3, 7), (2, 1), (1, 5), (1000, 333), (1500, 1000), (640, 448), (333, 299)]:
        ramp = Image.fromarray(np.arange(old, dtype=np.int32)[None])
        index = np.asarray(ramp.resize((new, 1), Image.NEAREST))[0]
        column = Image.fromarray(np.arange(old, dtype=np.int32)[:, None])
        assert (np.asarray(column.resize((1, new), Image.NEAREST))[:, 0] == index).all()
        nearest.append({"old": old, "new": new, "indices": index.tolist()})

    rgb = random.randint(0, 256, (9, 14, 3)).astype(np.uint8)
    mixed = []
    for height, width in [(18, 28), (13, 5), (4, 31), (1, 1), (9, 6), (40, 14)]:
        smooth = tf.image.resize(rgb.astype(np.float32), (height, width), method="bilinear").numpy()
        # Each pixel repeated so often that new pixels cover whole numbers of them.
        fine = rgb.astype(np.float64).repeat(height, 0).repeat(width, 1)
        area = fine.reshape(height, 9, width, 14, 3).mean((1, 3))
        mixed.append({"width": width, "height": height, "bilinear": text(rounded(smooth).tobytes()),
                      "area": text(rounded(area).tobytes())})
    return {"nearest": nearest, "width": 14, "height": 9, "rgb": text(rgb.tobytes()), "mixed": mixed}


# Augmentation ---------------------------------------------------------------------------------

def matrix(rotation, down, right, shear, zoom_down, zoom_right, height, width):
    turn = np.array([[np.cos(rotation), -np.sin(rotation), 0], [np.sin(rotation), np.cos(rotation), 0],
                     [0, 0, 1]])
    move = np.array([[1, 0, down * height], [0, 1, right * width], [0, 0, 1]])
    slant = np.array([[1, -np.sin(shear), 0], [0, np.cos(shear), 0], [0, 0, 1]])
    zoom = np.diag([zoom_down, zoom_right, 1])
    row, column = height / 2 + 0.5, width / 2 + 0.5
    there = np.array([[1, 0, row], [0, 1, column], [0, 0, 1]])
    back = np.array([[1, 0, -row], [0, 1, -column], [0, 0, 1]])
    return there @ turn @ move @ slant @ zoom @ back


def affine():
    height, width = 24, 31
    rgb = random.randint(0, 256, (height, width, 3)).astype(np.uint8)
    modes = {"nearest": "nearest", "constant": "constant", "reflect": "reflect", "wrap": "grid-wrap"}

    def draw(scale=1.0):
        down, right = random.uniform(-0.2, 0.2, 2) * scale
        return [np.deg2rad(random.uniform(-40, 40)), down, right, random.uniform(-0.2, 0.2),
                *random.uniform(0.8, 1.2, 2)]

    cases = []
    for fill, parameters, mirrored in (
            [("nearest", [0, 0, 0, 0, 1, 1], False), ("nearest", [0, 0, 0, 0, 1, 1], True),
             ("nearest", [0, 0.2, -0.1, 0, 1, 1], False), ("nearest", [0.5, 0, 0, 0, 1, 1], False),
             ("nearest", [0, 0, 0, 0.3, 1, 1], False), ("nearest", [0, 0, 0, 0, 0.7, 1.4], True)]
            + [("nearest", draw(), bool(i % 2)) for i in range(6)]
            + [(fill, draw(scale), bool(i % 2)) for fill in ("constant", "reflect", "wrap")
               for i, scale in enumerate((1, 8))]):
        m = matrix(*parameters, height, width)
        planes = [scipy.ndimage.affine_transform(rgb[..., c], m[:2, :2], m[:2, 2], order=0,
                                                 mode=modes[fill], cval=90) for c in range(3)]
        result = np.stack(planes, 2)
        if mirrored:
            result = result[:, ::-1]
        cases.append({"fill": fill, "parameters": [float(p) for p in parameters], "isMirrored": mirrored,
                      "rgb": text(result.tobytes())})
    return {"width": width, "height": height, "rgb": text(rgb.tobytes()), "cases": cases}


save("png.json", png_cases())
save("jpeg.json", jpeg_cases())
save("resizing.json", resizing())
save("affine.json", affine())
