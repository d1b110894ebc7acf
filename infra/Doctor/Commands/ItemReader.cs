using System.Text.Json;
using Candor.Planning;

namespace Candor.Doctor.Commands;

/// <summary>
/// Reads the items of a long JSON list one by one as they come, so that ten thousand pods take the memory of one. A list that breaks
/// off, or that holds something else than expected, gives what could be read, and says what is wrong.
/// </summary>
internal sealed class ItemReader(string list)
{
    private const int FirstBuffer = 64 * 1024;
    private const int MaximumItem = 32 * 1024 * 1024;
    private byte[] _buffer = new byte[FirstBuffer];
    private int _length;
    private JsonReaderState _state = new(new JsonReaderOptions { MaxDepth = 128 });
    private bool _inside;
    private bool _named;

    /// <summary>How many items came.</summary>
    internal int Count { get; private set; }

    /// <summary>How many of them could not be used.</summary>
    internal int Unreadable { get; private set; }

    /// <summary>Whether the end of the list came.</summary>
    internal bool IsWhole { get; private set; }

    /// <summary>What is wrong with the text, or null.</summary>
    internal string? Problem { get; private set; }

    /// <summary>Reads to the end; an item is only valid while it is handed over.</summary>
    internal async Task ReadAsync(Stream stream, Action<PlanValue> take, CancellationToken cancellationToken)
    {
        var final = false;
        while (!IsWhole && Problem is null && !final)
        {
            if (_length == _buffer.Length)
            {
                if (_buffer.Length >= MaximumItem)
                {
                    Problem = $"an item is larger than {MaximumItem / 1024 / 1024} MB";
                    return;
                }

                Array.Resize(ref _buffer, _buffer.Length * 2);
            }

            int count;
            try
            {
                count = await stream.ReadAsync(_buffer.AsMemory(_length), cancellationToken).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is OperationCanceledException or IOException)
            {
                Problem = "it did not come whole";
                return;
            }

            _length += count;
            final = count == 0;
            try
            {
                Step(final, take);
            }
            catch (JsonException exception)
            {
                Problem = final ? "it breaks off" : $"it is no JSON ({Model.SafeText.Short(exception.Message, 80)})";
            }
        }

        if (!IsWhole && Problem is null)
        {
            Problem = _length == 0 && Count == 0 && !_inside ? "it is empty" : _inside ? "it breaks off" : $"it holds no list \"{list}\"";
        }
    }

    private void Step(bool final, Action<PlanValue> take)
    {
        var reader = new Utf8JsonReader(_buffer.AsSpan(0, _length), final, _state);
        long consumed = 0;
        while (true)
        {
            var before = reader.CurrentState;
            if (!reader.Read())
            {
                consumed = reader.BytesConsumed;
                _state = reader.CurrentState;
                break;
            }

            if (!_inside)
            {
                _inside = _named && reader.TokenType == JsonTokenType.StartArray;
                _named = reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == 1 && reader.ValueTextEquals(list);
                // An empty list of Go is null.
                IsWhole |= reader.TokenType == JsonTokenType.EndObject && reader.CurrentDepth == 0;
            }
            else if (reader.TokenType == JsonTokenType.EndArray)
            {
                IsWhole = true;
            }
            else if (JsonDocument.TryParseValue(ref reader, out var document))
            {
                using (document)
                {
                    Take(document, take);
                }
            }
            else
            {
                _state = before;
                break;
            }

            consumed = reader.BytesConsumed;
            _state = reader.CurrentState;
            if (IsWhole)
            {
                break;
            }
        }

        _length -= (int)consumed;
        Array.Copy(_buffer, consumed, _buffer, 0, _length);
    }

    /// <summary>Refuses a value of which some text is no Unicode: reading it later would fail.</summary>
    /// <exception cref="InvalidOperationException">It is.</exception>
    internal static PlanValue Readable(PlanValue value)
    {
        _ = value.Text;
        foreach (var (_, property) in value.Properties)
        {
            Readable(property);
        }

        foreach (var item in value.Items)
        {
            Readable(item);
        }

        return value;
    }

    private void Take(JsonDocument document, Action<PlanValue> take)
    {
        Count++;
        try
        {
            take(new(document.RootElement));
        }
        catch (Exception exception) when (exception is InvalidOperationException or FormatException or OverflowException or ArgumentException)
        {
            // Text that is no Unicode, a number that is none.
            Unreadable++;
        }
    }
}
