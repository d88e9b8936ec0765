import { create, createFileRegistry, fromBinary, toBinary, type Message } from "@bufbuild/protobuf";
import type { GenMessage } from "@bufbuild/protobuf/codegenv2";
import {
  FieldDescriptorProto_Label as Label,
  FieldDescriptorProto_Type as Type,
  FileDescriptorProtoSchema,
} from "@bufbuild/protobuf/wkt";

/** The messages of the ONNX format as far as graphs are read or edited; other fields are kept as unknown ones. */
export type ModelProto = Message<"onnx.ModelProto"> & {
  irVersion: bigint;
  opsetImport: OperatorSetId[];
  graph?: GraphProto;
  functions: FunctionProto[];
};
export type OperatorSetId = Message<"onnx.OperatorSetId"> & { domain: string; version: bigint };
export type FunctionProto = Message<"onnx.FunctionProto"> & { name: string; domain: string };
export type GraphProto = Message<"onnx.GraphProto"> & {
  node: NodeProto[];
  name: string;
  initializer: TensorProto[];
  input: ValueInfo[];
  output: ValueInfo[];
  valueInfo: ValueInfo[];
};
export type NodeProto = Message<"onnx.NodeProto"> & {
  input: string[];
  output: string[];
  name: string;
  opType: string;
  attribute: AttributeProto[];
  domain: string;
};
export type AttributeProto = Message<"onnx.AttributeProto"> & {
  name: string;
  f: number;
  i: bigint;
  s: Uint8Array;
  t?: TensorProto;
  g?: GraphProto;
  floats: number[];
  ints: bigint[];
  graphs: GraphProto[];
  type: number;
};
export type TensorProto = Message<"onnx.TensorProto"> & {
  dims: bigint[];
  dataType: number;
  floatData: number[];
  int32Data: number[];
  int64Data: bigint[];
  name: string;
  rawData: Uint8Array;
  doubleData: number[];
  uint64Data: bigint[];
  externalData: StringEntry[];
  dataLocation: number;
};
export type StringEntry = Message<"onnx.StringEntry"> & { key: string; value: string };
export type ValueInfo = Message<"onnx.ValueInfo"> & { name: string; type?: TypeProto };
export type TypeProto = Message<"onnx.TypeProto"> & { tensorType?: TensorType };
export type TensorType = Message<"onnx.TensorType"> & { elemType: number; shape?: Shape };
export type Shape = Message<"onnx.Shape"> & { dim: Dimension[] };
/** Either `dimValue` or `dimParam` is set, or neither where the size is not known. */
export type Dimension = Message<"onnx.Dimension"> & { dimValue: bigint; dimParam: string };

const scalars = {
  float: Type.FLOAT,
  double: Type.DOUBLE,
  int32: Type.INT32,
  int64: Type.INT64,
  uint64: Type.UINT64,
  string: Type.STRING,
  bytes: Type.BYTES,
} as const;

/** Name, number, type; `*` is repeated, `+` is repeated and packed. */
const fields: Record<string, readonly string[]> = {
  ModelProto: [
    "ir_version 1 int64",
    "opset_import 8 OperatorSetId*",
    "graph 7 GraphProto",
    "functions 25 FunctionProto*",
  ],
  OperatorSetId: ["domain 1 string", "version 2 int64"],
  FunctionProto: ["name 1 string", "domain 10 string"],
  GraphProto: [
    "node 1 NodeProto*",
    "name 2 string",
    "initializer 5 TensorProto*",
    "input 11 ValueInfo*",
    "output 12 ValueInfo*",
    "value_info 13 ValueInfo*",
  ],
  NodeProto: [
    "input 1 string*",
    "output 2 string*",
    "name 3 string",
    "op_type 4 string",
    "attribute 5 AttributeProto*",
    "domain 7 string",
  ],
  AttributeProto: [
    "name 1 string",
    "f 2 float",
    "i 3 int64",
    "s 4 bytes",
    "t 5 TensorProto",
    "g 6 GraphProto",
    "floats 7 float*",
    "ints 8 int64*",
    "graphs 11 GraphProto*",
    "type 20 int32",
  ],
  TensorProto: [
    "dims 1 int64*",
    "data_type 2 int32",
    "float_data 4 float+",
    "int32_data 5 int32+",
    "int64_data 7 int64+",
    "name 8 string",
    "raw_data 9 bytes",
    "double_data 10 double+",
    "uint64_data 11 uint64+",
    "external_data 13 StringEntry*",
    "data_location 14 int32",
  ],
  StringEntry: ["key 1 string", "value 2 string"],
  ValueInfo: ["name 1 string", "type 2 TypeProto"],
  TypeProto: ["tensor_type 1 TensorType"],
  TensorType: ["elem_type 1 int32", "shape 2 Shape"],
  Shape: ["dim 1 Dimension*"],
  Dimension: ["dim_value 1 int64", "dim_param 2 string"],
};

function describeField(text: string) {
  const [name = "", number = "", typeText = ""] = text.split(" ");
  const typeName = typeText.replace(/[*+]$/, "");
  const scalar = (scalars as Partial<Record<string, Type>>)[typeName];
  return {
    name,
    number: Number(number),
    label: /[*+]$/.test(typeText) ? Label.REPEATED : Label.OPTIONAL,
    type: scalar ?? Type.MESSAGE,
    ...(scalar === undefined ? { typeName: `.onnx.${typeName}` } : {}),
    ...(typeText.endsWith("+") ? { options: { packed: true } } : {}),
  };
}

const registry = createFileRegistry(
  create(FileDescriptorProtoSchema, {
    name: "onnx.proto",
    package: "onnx",
    syntax: "proto2",
    messageType: Object.entries(fields).map(([name, list]) => ({ name, field: list.map(describeField) })),
  }),
  () => undefined,
);

function schema<T extends Message>(typeName: T["$typeName"]): GenMessage<T> {
  const found = registry.getMessage(typeName);
  if (found === undefined) throw new Error(`no message ${typeName}`);
  return found as unknown as GenMessage<T>;
}

export const modelSchema = schema<ModelProto>("onnx.ModelProto");
export const graphSchema = schema<GraphProto>("onnx.GraphProto");
export const nodeSchema = schema<NodeProto>("onnx.NodeProto");
export const tensorSchema = schema<TensorProto>("onnx.TensorProto");
export const entrySchema = schema<StringEntry>("onnx.StringEntry");
const valueInfoSchema = schema<ValueInfo>("onnx.ValueInfo");

export const decodeModel = (bytes: Uint8Array): ModelProto => fromBinary(modelSchema, bytes);
export const encodeModel = (model: ModelProto): Uint8Array<ArrayBuffer> => toBinary(modelSchema, model);

/** `TensorProto.DataType`. */
export const DataType = {
  float: 1,
  uint8: 2,
  int8: 3,
  uint16: 4,
  int16: 5,
  int32: 6,
  int64: 7,
  string: 8,
  bool: 9,
  float16: 10,
  double: 11,
  uint32: 12,
  uint64: 13,
  bfloat16: 16,
  uint4: 21,
  int4: 22,
} as const;

/** `AttributeProto.AttributeType` of the attributes written here. */
const attributeType = { float: 1, int: 2, ints: 7 } as const;

export function makeNode(
  opType: string,
  input: readonly string[],
  output: readonly string[],
  attributes: Readonly<Record<string, bigint | number | readonly bigint[]>> = {},
): NodeProto {
  return create(nodeSchema, {
    opType,
    input: [...input],
    output: [...output],
    attribute: Object.entries(attributes).map(([name, value]) =>
      typeof value === "bigint"
        ? { name, i: value, type: attributeType.int }
        : typeof value === "number"
          ? { name, f: value, type: attributeType.float }
          : { name, ints: [...value], type: attributeType.ints },
    ),
  });
}

/** A tensor value; a string is a symbolic dimension. */
export function makeValueInfo(name: string, elemType: number, dims?: readonly (number | string)[]): ValueInfo {
  return create(valueInfoSchema, {
    name,
    type: {
      tensorType: {
        elemType,
        ...(dims === undefined
          ? {}
          : {
              shape: {
                dim: dims.map((d) => (typeof d === "number" ? { dimValue: BigInt(d) } : { dimParam: d })),
              },
            }),
      },
    },
  });
}

export function attributeOf(node: NodeProto, name: string): AttributeProto | undefined {
  return node.attribute.find((a) => a.name === name);
}

export function intAttribute(node: NodeProto, name: string, otherwise: number): number {
  const found = attributeOf(node, name);
  return found === undefined ? otherwise : Number(found.i);
}

export function floatAttribute(node: NodeProto, name: string, otherwise: number): number {
  return attributeOf(node, name)?.f ?? otherwise;
}
