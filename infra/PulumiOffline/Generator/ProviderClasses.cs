namespace Candor.PulumiOffline;

/// <summary>The C# of a schema file, one source a namespace.</summary>
internal static class ProviderClasses
{
    /// <summary>Each namespace with its source.</summary>
    public static IEnumerable<(string Namespace, string Text)> Of(Schema schema)
    {
        foreach (var types in schema.Types.GroupBy(t => t.Namespace, StringComparer.Ordinal))
        {
            var code = new Code();
            code.Open($"namespace {types.Key}");
            foreach (var type in types)
            {
                Write(code, type, schema.Version);
            }
            code.Close();
            yield return (types.Key, code.ToString());
        }
    }

    private static void Write(Code code, SchemaType type, string version)
    {
        switch (type.Kind)
        {
            case "resource":
                ResourceWriter.WriteResource(code, type, version);
                break;
            case "function":
                ResourceWriter.WriteFunction(code, type);
                break;
            case "output":
                ResourceWriter.WriteOutput(code, type);
                break;
            case "enum":
                ResourceWriter.WriteEnum(code, type);
                break;
            case "plain":
                ArgsWriter.WritePlain(code, type);
                break;
            case "lookup":
                ArgsWriter.WriteInputs(code, type, "InvokeArgs");
                break;
            case "args":
                ArgsWriter.WriteInputs(code, type, "ResourceArgs");
                break;
            default:
                throw new InvalidOperationException($"the schema has a type of the unknown kind {type.Kind}");
        }
    }
}
