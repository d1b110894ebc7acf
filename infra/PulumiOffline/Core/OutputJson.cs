using System.Text.Json;
using System.Text.Json.Serialization;
using Pulumi.Serialization;

namespace Pulumi;

/// <summary>JSON of values that hold outputs and inputs.</summary>
internal static class OutputJson
{
    public static async Task<OutputData<string>> SerializeAsync<T>(Output<T> value, JsonSerializerOptions? options)
    {
        var data = await value.DataTask.ConfigureAwait(false);
        if (!data.IsKnown)
        {
            return new(data.Resources, "", IsKnown: false, data.IsSecret);
        }
        var (withOutputs, joined) = Options(options);
        joined.Take(data);
        var json = JsonSerializer.Serialize(data.Value, withOutputs);
        var all = joined.Data(json);
        return all.IsKnown ? all : all with { Value = "" };
    }

    public static async Task<OutputData<T>> DeserializeAsync<T>(Output<string> json, JsonSerializerOptions? options)
    {
        var data = await json.DataTask.ConfigureAwait(false);
        return data.IsKnown
            ? new(data.Resources, JsonSerializer.Deserialize<T>(data.Value, Options(options).Options)!, IsKnown: true, data.IsSecret)
            : new(data.Resources, default!, IsKnown: false, data.IsSecret);
    }

    private static (JsonSerializerOptions Options, OutputJoin Joined) Options(JsonSerializerOptions? options)
    {
        var joined = new OutputJoin();
        var copy = options is null ? new JsonSerializerOptions() : new JsonSerializerOptions(options);
        copy.Converters.Add(new Factory(joined));
        return (copy, joined);
    }

    private sealed class Factory(OutputJoin joined) : JsonConverterFactory
    {
        public override bool CanConvert(Type typeToConvert)
            => typeToConvert.IsGenericType
                && (typeToConvert.GetGenericTypeDefinition() == typeof(Output<>)
                    || typeToConvert.GetGenericTypeDefinition() == typeof(Input<>));

        public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options)
        {
            var converter = typeToConvert.GetGenericTypeDefinition() == typeof(Output<>) ? typeof(OfOutput<>) : typeof(OfInput<>);
            return (JsonConverter)Activator.CreateInstance(converter.MakeGenericType(typeToConvert.GetGenericArguments()), joined)!;
        }
    }

    private sealed class OfOutput<T>(OutputJoin joined) : JsonConverter<Output<T>>
    {
        public override Output<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
            => Output.Create(JsonSerializer.Deserialize<T>(ref reader, options)!);

        // A converter cannot wait; the official one blocks here too.
        public override void Write(Utf8JsonWriter writer, Output<T> value, JsonSerializerOptions options)
            => JsonSerializer.Serialize(writer, joined.Take(value.DataTask.GetAwaiter().GetResult()), options);
    }

    private sealed class OfInput<T>(OutputJoin joined) : JsonConverter<Input<T>>
    {
        public override Input<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
            => JsonSerializer.Deserialize<T>(ref reader, options)!;

        public override void Write(Utf8JsonWriter writer, Input<T> value, JsonSerializerOptions options)
            => JsonSerializer.Serialize(writer, joined.Take(value.ToOutput().DataTask.GetAwaiter().GetResult()), options);
    }
}
